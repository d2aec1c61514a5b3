"""Writes 工程台账-et.xlsx the way WPS 表格 is known to: python3 et.py (standard library)."""

import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPACES = (
    f'xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships"'
    ' xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'
    ' xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" mc:Ignorable="xr etc"'
)

shared = []


def text(at, said):
    shared.append(f"<si><t>{said}</t></si>")
    return f'<c r="{at}" s="1" t="s"><v>{len(shared) - 1}</v></c>'


def number(at, said, style=1):
    return f'<c r="{at}" s="{style}"><v>{said}</v></c>'


def empty(*at):
    return "".join(f'<c r="{one}" s="1"/>' for one in at)


# A title of two runs with a reading beside them, as the input method leaves it.
shared.append(
    "<si><r><rPr><b/><sz val=\"16\"/></rPr><t>2026年</t></r><r><t xml:space=\"preserve\">农村环境整治工程台账 </t></r>"
    '<rPh sb="0" eb="2"><t>nongcun</t></rPh><phoneticPr fontId="1"/></si>'
)
rows = [
    '<c r="A1" s="1" t="s"><v>0</v></c>' + empty("B1", "C1", "D1", "E1", "F1", "G1"),
    empty("A2", "B2", "C2", "D2", "E2", "F2") + '<c r="G2" t="inlineStr"><is><t>金额单位：万元</t></is></c>',
    "".join(text(f"{column}3", said) for column, said in zip("ABCDEFG", ["序号", "行政村", "工程名称", "工程类别", "计划", "", "合同价"])),
    empty("A4", "B4", "C4", "D4") + text("E4", "开工") + text("F4", "完工") + empty("G4"),
    number("A5", 1) + text("B5", "中东村委会") + text("C5", "污水管网") + text("D5", "生活污水") + number("E5", 46082, 2) + text("F5", "2026-08-31") + number("G5", 12.5),
    number("A6", 2) + empty("B6") + text("C6", "垃圾收集房") + text("D6", "生活垃圾") + number("E6", 46081, 2) + text("F6", "——") + text("G6", "３.２５"),
    number("A7", 3) + text("B7", "正洋村委会") + text("C7", "沟渠清淤") + text("D7", "黑臭水体") + number("E7", 46811, 2) + empty("F7")
    + '<c r="G7" s="1" t="e"><f>G5/0</f><v>#DIV/0!</v></c>'
    + '<c r="H7" t="str"><f>_xlfn.DISPIMG("ID_6F0C8E0B7A2D4C5E9B1A3D2F4E6C8A0B",1)</f><v>=DISPIMG("ID_6F0C8E0B7A2D4C5E9B1A3D2F4E6C8A0B",1)</v></c>',
    text("A8", "合计") + empty("B8", "C8", "D8", "E8", "F8") + '<c r="G8" s="1"><f>SUM(G5:G6)</f><v>12.5</v></c>',
]
# Formatted down to the end of the page, as a click on a column's head does.
rows += [empty(*(f"{column}{row}" for column in "ABCDEFG")) for row in range(9, 200)]
body = "".join(f'<row r="{row}" spans="1:7" ht="18" customHeight="1">{cells}</row>' for row, cells in enumerate(rows, 1))
merges = ["A1:G1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3", "G3:G4", "B5:B6"]
merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in merges)
sheet = (
    f'{HEAD}<worksheet {SPACES} xr:uid="{{00000000-0001-0000-0000-000000000000}}"><sheetPr/><dimension ref="A1"/>'
    f'<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="13.5"/>'
    f'<sheetData>{body}</sheetData><mergeCells count="{len(merges)}">{merged}</mergeCells><headerFooter/>'
    '<extLst><ext uri="{B1F2C3D4-0000-4000-8000-000000000000}"><etc:note>1</etc:note></ext></extLst></worksheet>'
)

# Every cell style that was ever pasted in stays; the third is a day as 2026年3月1日.
styles = (
    f'{HEAD}<styleSheet {SPACES}><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/></numFmts>'
    '<cellStyleXfs count="49">' + '<xf numFmtId="0"/>' * 49 + "</cellStyleXfs>"
    '<cellXfs count="3000"><xf numFmtId="0"/><xf numFmtId="0"/><xf numFmtId="176" applyNumberFormat="1"/>' + '<xf numFmtId="0"/>' * 2997 + "</cellXfs></styleSheet>"
)
workbook = (
    f'{HEAD}<workbook {SPACES}><fileVersion appName="xl" lastEdited="3" lowestEdited="5" rupBuild="9302"/><workbookPr/>'
    '<sheets><sheet name="WpsReserved_CellImgList" sheetId="9" state="veryHidden" r:id="rId2"/><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets><calcPr calcId="144525"/>'
    '<extLst><ext uri="{B58B0392-4F1F-4190-BB64-5DF3571DCE5F}"><dbsheet:tables xmlns:dbsheet="http://web.wps.cn/et/2021/dbsheet"/></ext></extLst></workbook>'
)
relations = lambda *all: f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">' + "".join(
    f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>' for number, kind, target in all
) + "</Relationships>"
strings = f'{HEAD}<sst xmlns="{MAIN}" count="{len(shared)}" uniqueCount="{len(shared)}">' + "".join(shared) + "</sst>"
parts = {
    "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": relations(
        (1, f"{OFFICE}/relationships/officeDocument", "/xl/workbook.xml"),
        (2, f"{OFFICE}/relationships/custom-properties", "docProps/custom.xml"),
    ),
    "docProps/app.xml": f'{HEAD}<Properties xmlns="{OFFICE}/extended-properties"><Application>WPS 表格</Application></Properties>',
    "docProps/custom.xml": f'{HEAD}<Properties xmlns="{OFFICE}/custom-properties"><property name="KSOProductBuildVer" pid="2"/></Properties>',
    "xl/workbook.xml": workbook,
    "xl/_rels/workbook.xml.rels": relations(
        (1, f"{OFFICE}/relationships/worksheet", "/xl/worksheets/sheet1.xml"),
        (2, f"{OFFICE}/relationships/worksheet", "/xl/worksheets/sheet2.xml"),
        (3, f"{OFFICE}/relationships/styles", "/xl/styles.xml"),
        (4, f"{OFFICE}/relationships/sharedStrings", "/xl/sharedStrings.xml"),
        (5, "http://www.wps.cn/officeDocument/2020/cellImage", "cellimages.xml"),
        (6, "http://www.wps.cn/officeDocument/2023/relationships/customStorage", "customStorage/customStorage.xml"),
    ),
    "xl/sharedStrings.xml": strings,
    "xl/styles.xml": styles,
    "xl/worksheets/sheet1.xml": sheet,
    "xl/worksheets/sheet2.xml": f"{HEAD}<worksheet {SPACES}><dimension ref=\"A1\"/><sheetData/></worksheet>",
    "xl/cellimages.xml": f'{HEAD}<etc:cellImages {SPACES}/>',
    "xl/customStorage/customStorage.xml": f"{HEAD}<customStorage {SPACES}/>",
}


def save(path, name):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, content in parts.items():
            entry = zipfile.ZipInfo("x", (2026, 5, 1, 0, 0, 0))
            entry.filename = name(part)  # As it is given: the library would turn every stroke round.
            entry.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(entry, content)


save("工程台账-et.xlsx", lambda part: part)
# Some releases part the names of parts as Windows does, and write them as they like.
save("工程台账-et-windows.xlsx", lambda part: part.replace("/", "\\").replace("sharedStrings", "SharedStrings"))
