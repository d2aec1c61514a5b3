"""Writes 工程台账-1904.xls with xlwt 1.3.0 (PyPI): python3 xls.py"""

import datetime
import xlwt

book = xlwt.Workbook()
book.dates_1904 = True
day = xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"')

notes = book.add_sheet("填表说明")
notes.write(0, 0, "本表由各镇填报")

page = book.add_sheet("工程台账")
page.write_merge(0, 0, 0, 6, "2026年农村环境整治工程台账")
page.write(1, 6, "金额单位：万元")
for column, heading in enumerate(["序号", "行政村", "工程名称", "工程类别"]):
    page.write_merge(2, 3, column, column, heading)
page.write_merge(2, 2, 4, 5, "计划")
page.write(3, 4, "开工")
page.write(3, 5, "完工")
page.write_merge(2, 3, 6, 6, "合同价")

rows = [
    (1, "污水管网", "生活污水", datetime.date(2026, 3, 1), "2026-08-31", 12.5),
    (2, "垃圾收集房", "生活垃圾", datetime.date(2026, 2, 28), "——", "３.２５"),
    (3, "湖㳇沟清淤", "黑臭水体", datetime.date(2028, 2, 29), "", None),
    (4, "𬇙塘护坡", "黑臭水体", datetime.date(1904, 1, 2), "", 80),
]
for row, (number, name, sort, start, end, amount) in enumerate(rows, 4):
    page.write(row, 0, number)
    page.write(row, 2, name)
    page.write(row, 3, sort)
    page.write(row, 4, start, day)
    page.write(row, 5, end)
    if amount is not None:
        page.write(row, 6, amount)
page.row(6).set_cell_error(6, "#DIV/0!")
page.write_merge(4, 5, 1, 1, "中东村委会")
page.write_merge(6, 7, 1, 1, "湖㳇社区居民委员会")
page.write(8, 0, "合计")
page.write(8, 6, xlwt.Formula("SUM(G5:G6)"))
book.save("工程台账-1904.xls")
