"""Tables as offices send them: CSV in UTF-8 or GB18030, XLSX; and a workbook back. Standard library only."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree
from xml.sax.saxutils import escape

MOST_ROWS, MOST_BYTES, MOST_UNPACKED = 5000, 4_000_000, 40_000_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL = re.compile(r"([A-Z]{1,3})\d+")
_NOT_XML = re.compile(r"[^\t\n\r -퟿-�\U00010000-\U0010ffff]")


class BadTable(ValueError):
    """The file cannot be read as a table; says in Chinese what to do."""


def read(data: bytes) -> list[list[str]]:
    """The rows of the first sheet as trimmed texts, empty rows left out. Raises BadTable."""
    if len(data) > MOST_BYTES:
        raise BadTable("文件太大，名册一般不到 4 MB，请看看是不是选错了文件。")
    rows = _xlsx(data) if data[:2] == b"PK" else _csv(data)
    found = [[cell.strip() for cell in row] for row in rows]
    found = [row for row in found if any(row)]
    if not found:
        raise BadTable("文件是空的。")
    if len(found) > MOST_ROWS + 1:
        raise BadTable(f"行数太多，一次最多 {MOST_ROWS} 户，请分成几份。")
    return found


def _csv(data: bytes) -> list[list[str]]:
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise BadTable("这是旧版 Excel（.xls），请另存为 .xlsx 或者 CSV 再传。")
    text = _text(data)
    if "\x00" in text:
        raise BadTable("文件里有乱码，请另存为 XLSX 或者 UTF-8 的 CSV 再传。")
    head = text.splitlines()[0] if text.splitlines() else ""
    delimiter = max(",\t;", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadTable("文件里的引号没有成对，请用表格软件另存一次再传。") from error


def _text(data: bytes) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadTable("认不出文件的编码，请另存为 XLSX 或者 UTF-8 的 CSV 再传。")


def _xlsx(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise BadTable("文件展开后太大，请另存为 CSV 再传。")
            names = archive.namelist()
            sheet = min((name for name in names if name.startswith("xl/worksheets/sheet")), key=lambda n: (len(n), n), default="")
            if not sheet:
                raise BadTable("这个文件不是表格，请另存为 XLSX 再传。")
            shared = _shared(archive.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else []
            return _sheet(_parse(archive.read(sheet)), shared)
    except (zipfile.BadZipFile, KeyError, IndexError, ElementTree.ParseError) as error:
        raise BadTable("文件损坏或者带密码，请另存一次再传。") from error


def _parse(data: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data:
        raise BadTable("文件内容不正常，请另存为 CSV 再传。")
    return ElementTree.fromstring(data)  # noqa: S314 - no document type, no entities, bounded above


def _shared(data: bytes) -> list[str]:
    return ["".join(t.text or "" for t in item.iter(f"{_MAIN}t")) for item in _parse(data).iter(f"{_MAIN}si")]


def _sheet(root: ElementTree.Element, shared: Sequence[str]) -> list[list[str]]:
    rows = []
    for row in root.iter(f"{_MAIN}row"):
        cells: dict[int, str] = {}
        for cell in row.iter(f"{_MAIN}c"):
            match = _CELL.fullmatch(cell.get("r", ""))
            cells[_column(match[1]) if match else len(cells)] = _value(cell, shared)
        rows.append([cells.get(n, "") for n in range(max(cells, default=-1) + 1)])
    return rows


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ElementTree.Element, shared: Sequence[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
    raw = cell.findtext(f"{_MAIN}v") or ""
    if cell.get("t") == "s":
        return shared[int(raw)]
    return raw.removesuffix(".0") if re.fullmatch(r"\d+\.0", raw) else raw


def write(rows: Iterable[Sequence[str]], *, sheet: str = "名册") -> bytes:
    """A workbook of texts; the first row is the heading. Texts never become formulas."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{_letters(n)}{number}" t="inlineStr"><is><t xml:space="preserve">{escape(_NOT_XML.sub("", text))}</t></is></c>'
            for n, text in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets><sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{''.join(lines)}</sheetData></worksheet>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
    return buffer.getvalue()


def _letters(number: int) -> str:
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
