//! Writes the templates that ship with the program into the folder that is named:
//! `cargo run -p nonghuan-sheet --example templates -- crates/app/templates`.
//!
//! Their column order and headings follow the forms named in that folder's README.
//! A district changes them in Excel, not here.

use std::path::Path;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// A column: heading, what stands below it, its width, its form.
type Column = (&'static str, &'static str, f64, Form);

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Text,
    Number,
    Wan,
    Date,
    Percent,
    Degrees,
    /// A running sum, which is not added up again.
    Sum,
    /// Points of an evaluation.
    Points,
}

struct Table {
    name: &'static str,
    source: &'static str,
    title: &'static str,
    note: &'static str,
    columns: &'static [Column],
    /// Whether its amounts add up: those that stand for "so far" do not.
    totals: bool,
    foot: &'static str,
}

const WORKS: Table = Table {
    name: "工程台账",
    source: "domain_forms F9（共同部分，列序为本项目拟定）",
    title: "{{township}}农村环境整治工程台账",
    note: "填报日期：{{today}}　金额单位：万元",
    columns: &[
        ("序号", "{{n}}", 5.0, Form::Number),
        ("工程编号", "{{works.number}}", 15.0, Form::Text),
        ("申报编号", "{{works.applications}}", 15.0, Form::Text),
        ("乡镇", "{{works.village.township}}", 10.0, Form::Text),
        ("行政村", "{{works.village}}", 12.0, Form::Text),
        ("工程名称", "{{works.name}}", 24.0, Form::Text),
        ("整治类别", "{{works.category}}", 10.0, Form::Text),
        ("建设内容与规模", "{{works.content}}", 28.0, Form::Text),
        ("受益户数", "{{works.households}}", 8.0, Form::Number),
        ("批复文号", "{{works.approval}}", 16.0, Form::Text),
        ("批复金额（万元）", "{{works.approved_amount|万元}}", 11.0, Form::Wan),
        ("设计单位", "{{works.designer}}", 16.0, Form::Text),
        ("设计资质", "{{works.designer_grade}}", 9.0, Form::Text),
        ("监理单位", "{{works.supervisor}}", 16.0, Form::Text),
        ("施工单位", "{{works.contractor}}", 16.0, Form::Text),
        ("施工资质", "{{works.contractor_grade}}", 9.0, Form::Text),
        ("招标方式", "{{works.tender}}", 9.0, Form::Text),
        ("合同编号", "{{works.contract_number}}", 14.0, Form::Text),
        ("合同价（万元）", "{{works.contract_amount|万元}}", 11.0, Form::Wan),
        ("变更次数", "{{works.variation_count}}", 8.0, Form::Number),
        ("变更增减金额（万元）", "{{works.variation_amount|万元}}", 11.0, Form::Wan),
        ("计划开工", "{{works.planned_start}}", 11.0, Form::Date),
        ("计划完工", "{{works.planned_end}}", 11.0, Form::Date),
        ("实际开工", "{{works.actual_start}}", 11.0, Form::Date),
        ("实际完工", "{{works.actual_end}}", 11.0, Form::Date),
        ("形象进度（%）", "{{works.percent}}", 8.0, Form::Number),
        ("验收日期", "{{works.accepted_on}}", 11.0, Form::Date),
        ("结算审定价（万元）", "{{works.settled_amount|万元}}", 11.0, Form::Wan),
        ("质保金比例（%）", "{{works.retention_percent}}", 9.0, Form::Number),
        ("质保金到期", "{{works.retention_due}}", 11.0, Form::Date),
        ("移交日期", "{{works.handed_over_on}}", 11.0, Form::Date),
        ("接收单位", "{{works.received_by}}", 14.0, Form::Text),
        ("管护责任人", "{{works.keeper}}", 10.0, Form::Text),
        ("状态", "{{works.state}}", 9.0, Form::Text),
        ("备注", "{{works.note}}", 18.0, Form::Text),
    ],
    totals: true,
    foot: "填报人：{{person}}　　　　审核人：　　　　　　",
};

const FUNDS: Table = Table {
    name: "资金台账",
    source: "domain_forms F12（没有找到官方样表，列序为本项目拟定；金额取自资金流水，冲销为负数）",
    title: "{{township}}农村环境整治资金台账",
    note: "填报日期：{{today}}　金额单位：万元",
    columns: &[
        ("流水号", "{{funds.number}}", 15.0, Form::Text),
        ("日期", "{{funds.dated}}", 11.0, Form::Date),
        ("申报项目", "{{funds.application}}", 20.0, Form::Text),
        ("工程", "{{funds.works}}", 20.0, Form::Text),
        ("合同", "{{funds.contract}}", 18.0, Form::Text),
        ("预算文号", "{{funds.document}}", 16.0, Form::Text),
        ("来源层级", "{{funds.level}}", 9.0, Form::Text),
        ("类型", "{{funds.sort}}", 9.0, Form::Text),
        ("进度节点", "{{funds.stage}}", 9.0, Form::Text),
        ("下达（万元）", "{{funds.allocated|万元}}", 11.0, Form::Wan),
        ("到位（万元）", "{{funds.arrived|万元}}", 11.0, Form::Wan),
        ("支付（万元）", "{{funds.spent|万元}}", 11.0, Form::Wan),
        ("收回（万元）", "{{funds.recovered|万元}}", 11.0, Form::Wan),
        ("累计到位（万元）", "=SUM(K$4:K4)", 11.0, Form::Sum),
        ("累计支付（万元）", "=SUM(L$4:L4)", 11.0, Form::Sum),
        ("结余（万元）", "=N4-O4-SUM(M$4:M4)", 11.0, Form::Sum),
        ("执行率", "=IF(SUM(J$4:J4)=0,\"\",O4/SUM(J$4:J4))", 9.0, Form::Percent),
        ("发票号", "{{funds.invoice}}", 14.0, Form::Text),
        ("收款单位", "{{funds.payee}}", 18.0, Form::Text),
        ("经办", "{{funds.handler}}", 8.0, Form::Text),
        ("审核", "{{funds.reviewer}}", 8.0, Form::Text),
        ("备注", "{{funds.note}}", 18.0, Form::Text),
    ],
    totals: true,
    foot: "经办：{{person}}　　　　审核：　　　　　　",
};

const SETTLEMENT: Table = Table {
    name: "奖补结算表",
    source: "domain_forms F5（本项目拟定）",
    title: "{{application.name}}以奖代补资金结算表",
    note: "填报日期：{{today}}　金额单位：万元",
    columns: &[
        ("序号", "{{n}}", 5.0, Form::Number),
        ("行政村", "{{settlement.village}}", 12.0, Form::Text),
        ("达标类型", "{{settlement.reached}}", 10.0, Form::Text),
        ("证明文号", "{{settlement.proof_number}}", 18.0, Form::Text),
        ("完成量", "{{settlement.quantities}}", 22.0, Form::Text),
        ("审定投资（万元）", "{{settlement.audited|万元}}", 11.0, Form::Wan),
        ("规则与版本", "{{settlement.rule}}", 18.0, Form::Text),
        ("计算过程", "{{settlement.steps}}", 40.0, Form::Text),
        ("应奖补（万元）", "{{settlement.due|万元}}", 11.0, Form::Wan),
        ("已预拨（万元）", "{{settlement.prepaid|万元}}", 11.0, Form::Wan),
        ("扣减（万元）", "{{settlement.deduction|万元}}", 11.0, Form::Wan),
        ("本次应拨（万元）", "=I4-J4-K4", 11.0, Form::Wan),
        ("扣减原因", "{{settlement.deduction_reason}}", 18.0, Form::Text),
        ("收款单位", "{{settlement.payee}}", 18.0, Form::Text),
        ("收款账号", "{{settlement.account}}", 20.0, Form::Text),
        ("公示", "{{settlement.notice}}", 14.0, Form::Text),
        ("状态", "{{settlement.state}}", 9.0, Form::Text),
    ],
    totals: true,
    foot: "填报人：{{person}}　　　　镇政府（盖章）：　　　　　　区财政：　　　　　　",
};

const EVALUATION: Table = Table {
    name: "绩效自评表",
    source: "domain_forms F6（S103、S113 自评表的栏目；列序为本项目拟定）",
    title: "{{application.name}}绩效自评表（{{self_evaluation.year}}年度）",
    note: "年初预算数 {{self_evaluation.initial|万元}}　全年预算数 {{self_evaluation.budget|万元}}　全年执行数 {{self_evaluation.spent|万元}}　其中上年结转 {{self_evaluation.carriedOver|万元}}（万元）　等级 {{self_evaluation.grade}}",
    columns: &[
        ("序号", "{{n}}", 5.0, Form::Number),
        ("一级指标", "{{scores.level}}", 12.0, Form::Text),
        ("二级指标", "{{scores.aspect}}", 14.0, Form::Text),
        ("三级指标", "{{scores.name}}", 26.0, Form::Text),
        ("年度指标值", "{{scores.goal}}", 16.0, Form::Text),
        ("实际完成值", "{{scores.actual}}", 16.0, Form::Text),
        ("完成率（%）", "{{scores.completion}}", 10.0, Form::Number),
        ("完成程度", "{{scores.band}}", 16.0, Form::Text),
        ("分值", "{{scores.weight}}", 9.0, Form::Points),
        ("得分", "{{scores.score}}", 9.0, Form::Points),
        ("偏差原因及改进措施", "{{scores.deviation}}", 30.0, Form::Text),
    ],
    totals: true,
    foot: "填报人：{{person}}　　　　主管部门（盖章）：　　　　　　填报日期：{{today}}",
};

const MONTH: Table = Table {
    name: "月调度表",
    source: "domain_forms F8（福建 S37 有描述；列序为本项目拟定）",
    title: "{{township}}{{month}}农村环境整治资金项目月调度表",
    note: "金额单位：万元",
    columns: &[
        ("序号", "{{n}}", 5.0, Form::Number),
        ("资金名称", "{{month.fund}}", 14.0, Form::Text),
        ("年度", "{{month.fundYear}}", 7.0, Form::Number),
        ("文号", "{{month.fundDocument}}", 16.0, Form::Text),
        ("项目编号", "{{month.number}}", 15.0, Form::Text),
        ("行政村", "{{month.village}}", 12.0, Form::Text),
        ("项目名称", "{{month.name}}", 24.0, Form::Text),
        ("下达金额（万元）", "{{month.granted|万元}}", 11.0, Form::Wan),
        ("合同价（万元）", "{{month.contractAmount|万元}}", 11.0, Form::Wan),
        ("计划开工", "{{month.plannedStart}}", 11.0, Form::Date),
        ("计划完工", "{{month.plannedEnd}}", 11.0, Form::Date),
        ("实际开工", "{{month.actualStart}}", 11.0, Form::Date),
        ("实际完工", "{{month.actualEnd}}", 11.0, Form::Date),
        ("进展", "{{month.status}}", 8.0, Form::Text),
        ("形象进度（%）", "{{month.percent}}", 8.0, Form::Number),
        ("累计完成投资（万元）", "{{month.paid|万元}}", 11.0, Form::Wan),
        ("累计到位（万元）", "{{month.received|万元}}", 11.0, Form::Wan),
        ("累计支付（万元）", "{{month.spent|万元}}", 11.0, Form::Wan),
        ("执行率", "=IF(H4=0,\"\",R4/H4)", 9.0, Form::Percent),
        ("未开工或终止原因", "{{month.reason}}", 18.0, Form::Text),
        ("实施阶段", "{{month.stage}}", 16.0, Form::Text),
        ("建成后成效", "{{month.effect}}", 16.0, Form::Text),
        ("存在问题", "{{month.problem}}", 18.0, Form::Text),
        ("下月计划", "{{month.nextPlan}}", 18.0, Form::Text),
    ],
    totals: true,
    foot: "填报人：{{person}}　　　　审核人：　　　　　　填报日期：{{today}}",
};

const WATER: Table = Table {
    name: "黑臭水体清单",
    source: "domain_forms F10（武汉 2025，S56，19 列，列序与来源一致）",
    title: "{{district}}农村黑臭水体清单",
    note: "填报日期：{{today}}",
    columns: &[
        ("序号", "{{n}}", 5.0, Form::Number),
        ("县级行政区划", "{{district}}", 12.0, Form::Text),
        ("乡镇/街道", "{{water_body.village.township}}", 11.0, Form::Text),
        ("行政村", "{{water_body.village}}", 12.0, Form::Text),
        ("水体名称", "{{water_body.name}}", 16.0, Form::Text),
        ("水体类型", "{{water_body.sort}}", 9.0, Form::Text),
        ("水域面积（㎡）", "{{water_body.area}}", 10.0, Form::Number),
        ("长（m）", "{{water_body.length}}", 8.0, Form::Number),
        ("宽（m）", "{{water_body.width}}", 8.0, Form::Number),
        ("起点名称", "{{water_body.start_name}}", 12.0, Form::Text),
        ("起点经度", "{{water_body.start_lon}}", 11.0, Form::Degrees),
        ("起点纬度", "{{water_body.start_lat}}", 11.0, Form::Degrees),
        ("终点名称", "{{water_body.end_name}}", 12.0, Form::Text),
        ("终点经度", "{{water_body.end_lon}}", 11.0, Form::Degrees),
        ("终点纬度", "{{water_body.end_lat}}", 11.0, Form::Degrees),
        ("监管清单级别", "{{water_body.list_level}}", 10.0, Form::Text),
        ("主要污染问题编码", "{{water_body.pollution}}", 16.0, Form::Text),
        ("治理完成时间", "{{water_body.treated_on}}", 11.0, Form::Date),
        ("治理后是否常年有水", "{{water_body.water_all_year}}", 10.0, Form::Text),
    ],
    totals: false,
    foot: "填报人：{{person}}　　　　审核人：　　　　　　",
};

/// The tables of an application package, each on a sheet of one workbook.
const PACKAGE: [Table; 4] = [
    Table {
        name: "投资估算",
        source: "",
        title: "投资估算表",
        note: "项目名称：{{application.name}}　金额单位：元",
        columns: &[
            ("序号", "{{n}}", 5.0, Form::Number),
            ("工程", "{{line.works}}", 26.0, Form::Text),
            ("工程类别", "{{line.part}}", 12.0, Form::Text),
            ("内容", "{{line.content}}", 26.0, Form::Text),
            ("数量", "{{line.quantity}}", 10.0, Form::Number),
            ("单位", "{{line.unit}}", 7.0, Form::Text),
            ("单价", "{{line.price}}", 13.0, Form::Wan),
            ("金额（数量×单价）", "=ROUND(E4*G4,2)", 15.0, Form::Wan),
            ("申报金额", "{{line.amount}}", 15.0, Form::Wan),
            (
                "核对",
                "=IF(OR(E4=\"\",G4=\"\"),\"\",IF(ROUND(H4-I4,2)=0,\"相符\",\"相差\"&TEXT(H4-I4,\"0.00\")))",
                11.0,
                Form::Text,
            ),
            ("备注", "{{line.note}}", 16.0, Form::Text),
        ],
        totals: true,
        foot: "填报单位：{{application.applicant}}",
    },
    Table {
        name: "资金来源",
        source: "",
        title: "资金来源与安排表",
        note: "项目名称：{{application.name}}　金额单位：万元",
        columns: &[
            ("序号", "{{n}}", 6.0, Form::Number),
            ("资金来源", "{{source.label}}", 24.0, Form::Text),
            ("金额（万元）", "{{source.amount|万元}}", 16.0, Form::Wan),
            ("占总投资", "=IF(C$5=0,\"\",C4/C$5)", 12.0, Form::Percent),
            ("备注", "{{source.note}}", 26.0, Form::Text),
        ],
        totals: true,
        foot: "总投资（万元）：{{application.total|万元}}　申请资金（万元）：{{application.requested|万元}}",
    },
    Table {
        name: "绩效目标",
        source: "",
        title: "绩效目标表",
        note: "项目名称：{{application.name}}　实施单位：{{application.applicant}}",
        columns: &[
            ("序号", "{{n}}", 6.0, Form::Number),
            ("一级指标", "{{target.level}}", 14.0, Form::Text),
            ("二级指标", "{{target.aspect}}", 16.0, Form::Text),
            ("三级指标", "{{target.name}}", 30.0, Form::Text),
            ("核心", "{{target.core}}", 6.0, Form::Text),
            ("指标值", "{{target.value}}", 14.0, Form::Text),
            ("计量单位", "{{target.unit}}", 10.0, Form::Text),
        ],
        totals: false,
        foot: "★ 为核心指标",
    },
    Table {
        name: "项目汇总",
        source: "",
        title: "项目申报汇总表",
        note: "填报单位：{{application.applicant}}　金额单位：万元",
        columns: &[
            ("序号", "{{n}}", 6.0, Form::Number),
            ("行政村", "{{row.village}}", 14.0, Form::Text),
            ("项目名称", "{{row.name}}", 28.0, Form::Text),
            ("建设内容与规模", "{{row.content}}", 34.0, Form::Text),
            ("整治类别", "{{row.category}}", 12.0, Form::Text),
            ("总投资（万元）", "{{row.total|万元}}", 14.0, Form::Wan),
            ("申请补助（万元）", "{{row.requested|万元}}", 14.0, Form::Wan),
            ("配套自筹（万元）", "=IF(OR(F4=\"\",G4=\"\"),\"\",F4-G4)", 14.0, Form::Wan),
            ("完成年限", "{{row.until}}", 12.0, Form::Text),
            ("责任单位", "{{row.responsible}}", 20.0, Form::Text),
        ],
        totals: true,
        foot: "主管部门：{{application.department}}",
    },
];

fn main() -> Result<(), XlsxError> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = Path::new(&folder);
    for table in [&WORKS, &FUNDS, &MONTH, &WATER, &SETTLEMENT, &EVALUATION] {
        let mut workbook = book(table.name, table.source)?;
        draw(workbook.add_worksheet(), table)?;
        workbook.save(folder.join(format!("{}.xlsx", table.name)))?;
    }
    let mut workbook = book("申报表格", "domain_forms F4、F6（S113）、F7（S105、S106），列为本项目拟定")?;
    for table in &PACKAGE {
        draw(workbook.add_worksheet(), table)?;
    }
    workbook.save(folder.join("申报表格.xlsx"))?;
    let mut workbook = book("一村一档", "domain_forms F1（S104，七部分）；本表为摘要，材料另附")?;
    village(workbook.add_worksheet())?;
    workbook.save(folder.join("一村一档.xlsx"))
}

fn book(name: &str, source: &str) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 1, 1)?;
    let comment = format!("来源：{source}。双花括号里的内容导出时填写，其余可在 Excel 里随意改动。");
    let properties = DocProperties::new().set_title(name).set_comment(comment).set_creation_datetime(&created);
    workbook.set_properties(&properties);
    Ok(workbook)
}

fn cell() -> Format {
    let cell = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
    cell.set_font_name("宋体").set_font_size(10)
}

fn format(form: Form) -> Format {
    match form {
        Form::Text => cell().set_text_wrap(),
        Form::Number => cell(),
        Form::Wan | Form::Sum => cell().set_num_format("#,##0.00####"),
        Form::Points => cell().set_num_format("0.00"),
        Form::Date => cell().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
        Form::Percent => cell().set_num_format("0.00%"),
        Form::Degrees => cell().set_num_format("0.000000"),
    }
}

fn title() -> Format {
    Format::new().set_bold().set_font_name("黑体").set_font_size(16).set_align(FormatAlign::Center)
}

fn head() -> Format {
    cell().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_background_color(0xe8_efe9)
}

fn plain(align: FormatAlign) -> Format {
    Format::new().set_font_name("宋体").set_font_size(10).set_align(align)
}

fn draw(page: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let last = u16::try_from(table.columns.len() - 1).unwrap_or(u16::MAX);
    page.set_name(table.name)?;
    page.merge_range(0, 0, 0, last, table.title, &title())?;
    page.set_row_height(0, 28)?;
    page.merge_range(1, 0, 1, last, table.note, &plain(FormatAlign::Right))?;
    page.set_row_height(2, 30)?;
    for (i, (heading, below, width, form)) in (0_u16..).zip(table.columns) {
        page.set_column_width(i, *width)?;
        page.write_string_with_format(2, i, *heading, &head())?;
        match below.strip_prefix('=') {
            Some(_) => page.write_formula_with_format(3, i, *below, &format(*form))?,
            None => page.write_string_with_format(3, i, *below, &format(*form))?,
        };
        if !table.totals {
            continue;
        }
        let letters = rust_xlsxwriter::utility::column_number_to_name(i);
        let total = format(*form).set_bold().set_background_color(0xf2_f2f2);
        match form {
            Form::Wan | Form::Points => {
                page.write_formula_with_format(4, i, format!("=SUM({letters}4:{letters}4)").as_str(), &total)?
            }
            _ if i == 0 => page.write_string_with_format(4, i, "合计", &total)?,
            _ => page.write_blank(4, i, &total)?,
        };
    }
    page.merge_range(6, 0, 6, last, table.foot, &plain(FormatAlign::Left))?;
    page.set_freeze_panes(3, 0)?;
    page.set_landscape().set_paper_size(8).set_print_fit_to_pages(1, 0);
    page.set_repeat_rows(0, 2)?;
    page.set_print_area(0, 0, 6, last)?;
    Ok(())
}

/// A sheet that is written from top to bottom.
struct Sheet<'w> {
    page: &'w mut Worksheet,
    row: u32,
}

impl Sheet<'_> {
    fn section(&mut self, text: &str) -> Result<(), XlsxError> {
        self.page.merge_range(self.row, 0, self.row, 5, text, &head().set_align(FormatAlign::Left))?;
        self.row += 1;
        Ok(())
    }

    fn pairs(&mut self, items: [(&str, &str); 3]) -> Result<(), XlsxError> {
        for (i, (label, value)) in (0_u16..).zip(items) {
            self.page.write_string_with_format(self.row, 2 * i, label, &head())?;
            let form = if value.ends_with("截至}}") { Form::Date } else { Form::Text };
            self.page.write_string_with_format(self.row, 2 * i + 1, value, &format(form))?;
        }
        self.row += 1;
        Ok(())
    }

    fn wide(&mut self, label: &str, value: &str) -> Result<(), XlsxError> {
        self.page.write_string_with_format(self.row, 0, label, &head())?;
        self.page.merge_range(self.row, 1, self.row, 5, value, &format(Form::Text))?;
        self.row += 1;
        Ok(())
    }

    /// Headings, and below them a row that is repeated.
    fn list(&mut self, columns: [(&str, &str, Form); 6]) -> Result<(), XlsxError> {
        for (i, (heading, below, form)) in (0_u16..).zip(columns) {
            self.page.write_string_with_format(self.row, i, heading, &head())?;
            self.page.write_string_with_format(self.row + 1, i, below, &format(form))?;
        }
        self.row += 2;
        Ok(())
    }
}

/// One village on one sheet: its seven sections, with a list of its works in the midst.
fn village(page: &mut Worksheet) -> Result<(), XlsxError> {
    page.set_name("一村一档")?;
    for (column, width) in [(0, 18.0), (1, 24.0), (2, 16.0), (3, 14.0), (4, 16.0), (5, 14.0)] {
        page.set_column_width(column, width)?;
    }
    page.merge_range(0, 0, 0, 5, "{{village.name}}（{{village.code}}）一村一档摘要", &title())?;
    page.set_row_height(0, 28)?;
    let mut sheet = Sheet { page, row: 1 };
    sheet.section("一、行政村基本情况")?;
    sheet.pairs([
        ("乡镇", "{{village.township}}"),
        ("自然村数", "{{village.natural_villages}}"),
        ("村庄类型", "{{village.village_type}}"),
    ])?;
    sheet.pairs([
        ("户籍户数", "{{village.households}}"),
        ("户籍人口", "{{village.population}}"),
        ("面积（km²）", "{{village.area}}"),
    ])?;
    sheet.pairs([
        ("常住户数", "{{village.resident_households}}"),
        ("常住人口", "{{village.resident_population}}"),
        ("人均纯收入（元）", "{{village.income|元}}"),
    ])?;
    sheet.wide("历史沿革", "{{village.history}}")?;
    sheet.wide("主要环境问题", "{{village.problems}}")?;
    sheet.section("二、资金情况；三、整治前；四、整治中；五、整治完成（按工程）")?;
    sheet.list([
        ("工程编号", "{{works.number}}", Form::Text),
        ("工程名称", "{{works.name}}", Form::Text),
        ("整治类别", "{{works.category}}", Form::Text),
        ("下达金额（万元）", "{{works.granted|万元}}", Form::Wan),
        ("合同价（万元）", "{{works.contract_amount|万元}}", Form::Wan),
        ("状态", "{{works.state}}", Form::Text),
    ])?;
    let totals =
        ["合计 {{count:works}} 项", "", "", "{{sum:works.granted|万元}}", "{{sum:works.contract_amount|万元}}", ""];
    for (i, total) in (0_u16..).zip(totals) {
        let form = if total.starts_with("{{sum") { Form::Wan } else { Form::Text };
        sheet.page.write_string_with_format(sheet.row, i, total, &format(form).set_bold())?;
    }
    sheet.row += 1;
    sheet.pairs([
        ("生活污水治理率（%）", "{{village.sewage_rate|%}}"),
        ("生活垃圾收运率（%）", "{{village.waste_rate|%}}"),
        ("污水治理率截至", "{{village.sewage_rate|截至}}"),
    ])?;
    sheet.section("六、后期运维制度保障")?;
    sheet.wide("管护措施", "{{village.upkeep_measures}}")?;
    sheet.pairs([
        ("单独预算", "{{village.separate_budget}}"),
        ("年管护经费（元）", "{{village.upkeep_budget|元}}"),
        ("管护材料（个）", "{{village.upkeep_files|个}}"),
    ])?;
    sheet.section("七、监督管理（验收）")?;
    sheet.list([
        ("验收编号", "{{acceptance.number}}", Form::Text),
        ("名称", "{{acceptance.name}}", Form::Text),
        ("级别", "{{acceptance.level}}", Form::Text),
        ("日期", "{{acceptance.held_on}}", Form::Date),
        ("评分", "{{acceptance.score}}", Form::Number),
        ("结论", "{{acceptance.conclusion}}", Form::Text),
    ])?;
    let last = sheet.row + 1;
    page.merge_range(last, 0, last, 5, "填报人：{{person}}　填报日期：{{today}}", &plain(FormatAlign::Right))?;
    page.set_paper_size(9).set_print_fit_to_pages(1, 0);
    page.set_print_area(0, 0, last, 5)?;
    Ok(())
}
