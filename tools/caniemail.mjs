// What mail programs do not show alike of the mails that are named, by the data of caniemail.com.
//
// Run: node tools/caniemail.mjs CLIENTS FILE... with CLIENTS separated by commas; prints JSON:
// {file: {feature: [client, ...]}}. A client for which the data lack a feature is an error, so that none is passed over.
import { readFileSync } from "node:fs";
import { caniemail } from "caniemail";

const [clients, ...files] = process.argv.slice(2);
const told = {};
for (const file of files) {
  const found = (told[file] = {});
  const { issues } = caniemail({ clients: clients.split(","), html: readFileSync(file, "utf8") });
  for (const level of [issues.errors, issues.warnings])
    for (const [client, list] of level)
      for (const { title } of list) (found[title] ??= []).push(client);
}
process.stdout.write(JSON.stringify(told));
