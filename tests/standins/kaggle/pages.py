"""The pages of a competition: its host's text as Markdown, or as the HTML of older ones."""

import html
import re

PAGES = (("Description", "description.md"), ("Evaluation", "evaluation.md"),
         ("data-description", "data_description.md"))
RULES = "# Rules\n\n- One account for each participant.\n- No private sharing outside teams.\n"


def pages_of(competition):
    """The wire's Page objects, those that a scenario adds included."""
    texts = [("rules", RULES)]
    for name, file in PAGES:
        path = competition.folder / file if competition.folder else None
        if path and path.exists():
            texts.append((name, path.read_text("utf-8")))
    settings = competition.settings
    is_html = settings.pages == "html"
    kind = ("text/html" if is_html else "text/markdown") if settings.page_types else None
    pages = [{"name": name, "content": html_of(text) if is_html else text, "isPublished": True,
              "mimeType": kind} for name, text in texts]
    return pages + [{"isPublished": True} | page for page in settings.extra_pages]


def html_of(markdown):
    """Headings, paragraphs, lists, tables and fenced code: what the bundled pages use."""
    written, lines = [], markdown.splitlines()
    at = 0
    while at < len(lines):
        end = block_end(lines, at)
        written.append(block_html(lines[at:end]))
        at = end
    return "\n".join(part for part in written if part)


def kind_of(line):
    if not line.strip():
        return "blank"
    if line.startswith("```"):
        return "fence"
    if line.startswith("#"):
        return "heading"
    if line.startswith("|"):
        return "table"
    return "item" if re.match(r"[-*] ", line) else "text"


def block_end(lines, at):
    """Where the block ends that begins at line `at`: one past its last line."""
    kind, end = kind_of(lines[at]), at + 1
    if kind == "heading":
        return end
    if kind == "fence":
        while end < len(lines) and kind_of(lines[end]) != "fence":
            end += 1
        return end + 1
    while end < len(lines) and kind_of(lines[end]) == kind:
        end += 1
    return end


def block_html(lines):
    kind = kind_of(lines[0])
    if kind == "blank":
        return ""
    if kind == "fence":
        code = "\n".join(line for line in lines if not line.startswith("```"))
        return f"<pre><code>{html.escape(code)}</code></pre>"
    if kind == "heading":
        level = len(lines[0]) - len(lines[0].lstrip("#"))
        return f"<h{level}>{inline(lines[0].lstrip('#').strip())}</h{level}>"
    if kind == "table":
        return table_html(lines)
    if kind == "item":
        return "<ul>" + "".join(f"<li>{inline(line[2:])}</li>" for line in lines) + "</ul>"
    return f"<p>{inline(' '.join(lines))}</p>"


def table_html(lines):
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    rows = [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
    written = []
    for number, row in enumerate(rows):
        tag = "td" if number else "th"
        written.append("<tr>" + "".join(f"<{tag}>{inline(cell)}</{tag}>" for cell in row)
                       + "</tr>")
    return "<table>" + "".join(written) + "</table>"


def inline(text):
    text = html.escape(text, quote=False)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    text = re.sub(r"`(.+?)`", r"<code>\1</code>", text)
    return re.sub(r"\[(.+?)\]\((.+?)\)", r'<a href="\2">\1</a>', text)
