"""The lint of a mail's HTML: what it lets through and what it names."""

from __future__ import annotations

import pytest

from reportgen.errors import TemplateError
from reportgen.render._mail_lint import check


@pytest.mark.parametrize(
    ("html", "named"),
    [
        ("<svg><rect/></svg>", "<svg>"),
        ("<script>x</script>", "<script>"),
        ("<link rel=stylesheet href=x>", "<link>"),
        ("<video></video>", "<video>"),
        ("<form></form>", "<form>"),
        ("<details></details>", "<details>"),
        ('<img alt="x" src="data:image/png;base64,AA">', "a picture from 'data:"),
        ('<img alt="x" src="https://example.com/x.png">', "a picture from 'https:"),
        ('<img src="cid:x">', "<img> without alt"),
        ('<a href="javascript:x">x</a>', "a link to 'javascript:"),
        ('<td onclick="x">x</td>', "onclick on <td>"),
        ('<p style="display:flex">x</p>', "display: flex"),
        ('<p style="display:grid">x</p>', "display: grid"),
        ('<p style="color:var(--x)">x</p>', "color: var(--x)"),
        ('<p style="width:calc(1px + 1px)">x</p>', "width: calc"),
        ('<p style="--x:1px">x</p>', "the style --x"),
        ('<p style="position:absolute">x</p>', "the style position"),
        ('<p style="background-color:url(x)">x</p>', "background-color: url"),
        ("<style>@import 'x';</style>", "the rule @import"),
        ("<style>@font-face { src: url(x) }</style>", "the rule @font-face"),
        ("<style>p { display: flex }</style>", "display: flex"),
        ("<style>@media print { p { color: red } }</style>", "the rule @media print"),
        ("<!--[if mso]><p>x</p><![endif]-->", "a comment"),
    ],
)
def test_named(html: str, named: str) -> None:
    with pytest.raises(TemplateError) as caught:
        check(html)
    assert named in str(caught.value)


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(TemplateError, match=r"<svg>.*<canvas>"):
        check("<svg></svg><canvas></canvas>")


def test_let_through() -> None:
    check(
        '<table role="presentation" width="100%" style="max-width:600px;font-family:Georgia, \'Serif\', serif">'
        '<tr><td align="right" style="padding:2px 8px 2px 0;color:#14345c">x</td></tr></table>'
        "<style>p { color: #fff !important } @media (prefers-color-scheme: dark) { p, td { color: #000 } }</style>"
        '<img src="cid:a@b" alt="A chart"><a href="https://example.com/x">x</a>'
    )
