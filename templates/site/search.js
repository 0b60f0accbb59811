// Hides the issues whose title, headline, tickers or date lack a word that is searched for. Nothing is sent anywhere.
"use strict";
(() => {
  const form = document.getElementById("search");
  const words = document.getElementById("words");
  const found = document.getElementById("found");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const years = [...document.querySelectorAll(".year")].map((year) => ({
    year,
    issues: [...year.querySelectorAll("li")].map((item) => ({
      item,
      text: fold(`${item.textContent} ${item.querySelector("time").dateTime}`),
    })),
  }));

  const search = () => {
    const asked = fold(words.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { year, issues } of years) {
      let here = 0;
      for (const { item, text } of issues) {
        const fits = asked.every((word) => text.includes(word));
        item.hidden = !fits;
        here += fits;
      }
      year.hidden = here === 0;
      count += here;
    }
    found.textContent = asked.length ? `${count} ${count === 1 ? "issue" : "issues"} found` : "";
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  words.addEventListener("input", search);
  form.hidden = false;
  search();
})();
