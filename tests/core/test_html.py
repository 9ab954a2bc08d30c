"""HTML to lines, where test_trim doesn't cover it: tags whose end is unclear."""

from __future__ import annotations

from assistant.core.mail.html import html_lines


def test_a_tag_full_of_marks_ends_somewhere_and_the_text_behind_it_is_read() -> None:
    assert html_lines('<a title="1>2>3">x</a>') == ["x"]
    (line,) = html_lines('<a title="1>2>3>4>5>6">x</a> y')
    assert line.endswith("x y")
