//! The sentences of the terminal: Chinese first, English below where a person
//! is told what to do. One sentence for each refusal; the code alone decides.

use std::path::Path;

use district::{Broken, DeviceView, DistrictError, Ended, Fault, Founding, PlaceProblem, PrintedCode};
use domain::Refusal;
use sync::wire::WireError;

pub(crate) fn sentence(error: &DistrictError) -> String {
    use DistrictError as E;
    match error {
        E::PortInUse { address } => format!("{address} 已被其他程序占用。请关闭那个程序，或用 --listen 换一个端口。"),
        E::CannotListen { address, reason } => format!("无法在 {address} 上监听：{reason}。请检查 --listen 的地址。"),
        E::FolderUnusable { path, reason } => format!("数据文件夹 {path} 不能使用：{reason}。"),
        E::KeyDamaged { file, reason } => {
            format!("数据文件夹中的 {file} 已损坏：{reason}。请从备份恢复这个文件；重新生成会使所有电脑失去联系。")
        }
        E::DatabaseNewer { file } => format!("数据库 {file} 由更新版本的程序写成，请升级本程序。数据库未被改动。"),
        E::NotADatabase { file } => format!("{file} 不是农环台账的区数据库，未被改动。请检查 --database 的位置。"),
        E::KeyDiffers => "这个数据库属于另一把签名密钥的区，没有打开，也没有改动。几台服务器共用一个数据库时，\
             请用同一个数据文件夹，或先把它复制过去。"
            .to_owned(),
        E::BackupFailed { folder, reason } => {
            format!("数据库升级之前要先留一份备份，但写不到 {folder}：{reason}。数据库未被改动，请腾出空间后再启动。")
        }
        E::DatabaseUnreachable { database, reason } => {
            format!("连不上数据库 {database}：{reason}。请检查数据库服务是否在运行、地址和密码是否正确。")
        }
        E::DatabaseUnusable { database, reason } => format!("数据库 {database} 不能使用：{reason}。"),
        E::DatabaseBusy => "数据库正忙，没有写入任何内容。请稍后再试。".to_owned(),
        E::DatabaseUnsupported { given, supported } => format!("不支持数据库位置“{given}”。目前支持：{supported}。"),
        E::AttachmentsUnsupported { given, supported } => format!("不支持附件位置“{given}”。目前支持：{supported}。"),
        E::AttachmentsUnusable { place, reason } => {
            format!("附件位置 {place} 不能使用：{reason}。请检查 --attachments 和 AWS_ACCESS_KEY_ID 等环境变量。")
        }
        E::CatalogWrong { file, key, reason } => {
            format!("目录文件有误：{file}，{key}：{reason}。改正之前程序不会启动。")
        }
        E::UnknownRole { role, roles } => format!("没有“{role}”这个角色。可用的角色：{roles}。"),
        E::ScopeNeeded { role } => format!("角色 {role} 的注册码需要 --scope：乡镇九位码或区六位码。"),
        E::AddressNeeded { listen } => {
            format!("服务器监听在 {listen}，电脑不能用这个地址连接。请用 --address 给出主机:端口。")
        }
        E::ReachFixed { device } => {
            format!("{device} 号电脑持有整个区，或改动后将一个乡镇也不剩；范围没有改动。需要停用请用 device revoke。")
        }
        E::UnknownDevice { device } => format!("没有编号为 {device} 的电脑。可用 device list 查看。"),
        E::PlacesWrong { file, line, problem } if line == "0" => {
            format!("{file}：{}。没有写入任何内容。", place(*problem))
        }
        E::PlacesWrong { file, line, problem } => {
            format!("{file} 第 {line} 行：{}。没有写入任何内容。", place(*problem))
        }
        E::PlacesDateNeeded { renamed, ended } => format!(
            "与现有代码相比有 {renamed} 处改名、{ended} 处不再使用。请用 --from 说明从哪一天起。没有写入任何内容。"
        ),
        E::PlacesDateEarly { from, latest } => {
            format!("库中已有从 {latest} 起的区划，名录不能从更早或同一天（{from}）起生效。没有写入任何内容。")
        }
        E::UnknownPlace { code } => format!("代码表中没有 {code}。没有写入任何内容。"),
        E::PlaceInUse { code } => format!("{code} 仍在使用。请用 --from 说明从哪一天起停用。没有写入任何内容。"),
        E::SignerUnknown { key } => {
            format!("申报包上的签名不是这里任何一台电脑的（{key}），没有签收。请核对是不是报给本区的。")
        }
        E::SignerRevoked { name, at } => {
            format!("生成这份申报包的电脑（{name}）已在 {at} 停用，没有签收。请换一台已注册的电脑重新生成。")
        }
        E::Bag(error) => crate::package::sentence(error),
        E::DiskFull => "磁盘已满，没有写入任何内容。请腾出空间后再试。".to_owned(),
        E::Database { source } => format!("数据库读写失败：{source}。"),
        E::Migration { source } => format!("数据库升级失败：{source}。"),
        E::Unreadable { reason } => format!("数据库中有内容无法读取：{reason}。"),
        E::Attachments { source } => format!("附件读写失败：{source}。"),
        E::Io { source } => format!("文件读写失败：{source}。"),
        E::Refused(Refusal::UnknownRecord { record }) => format!("没有编号为 {record} 的记录。"),
        E::Refused(Refusal::UnknownKind { kind }) => format!("没有“{kind}”这一类记录。"),
        E::Refused(refusal) => format!("规则不允许，没有写入任何内容：{refusal}。"),
        E::Bundle(error) => crate::bundle::sentence(error),
        E::Release(error) => crate::release::sentence(error),
        E::Wire(WireError::OtherDistrict { district }) => {
            format!("这是写给另一个区（{district}）的，没有收。请交到那个区。")
        }
        E::Wire(WireError::DeviceUnknown) => "这里没有登记过这台电脑，没有收。".to_owned(),
        E::Wire(WireError::DeviceRevoked { at }) => format!("这台电脑已在 {at} 停用，没有收。"),
        E::Wire(error) => format!("请求未被接受：{error}。"),
    }
}

fn place(problem: PlaceProblem) -> &'static str {
    match problem {
        PlaceProblem::NoFile => "读不到这个文件",
        PlaceProblem::NoText => "既不是 UTF-8 也不是 GB18030 文本",
        PlaceProblem::NoCsv => "不是 CSV 的一行，列数不对或引号没有配对",
        PlaceProblem::Columns => "缺少列，需要 code,name,parent,level,kind",
        PlaceProblem::Code => "代码不是十二位数字，或与级别不符",
        PlaceProblem::Name => "名称是空的",
        PlaceProblem::Level => "级别不是 1 到 5",
        PlaceProblem::Twice => "这个代码在文件中出现了两次",
        PlaceProblem::NoTownship => "这个村所属的乡镇不在文件里，库中也没有",
        PlaceProblem::Empty => "文件里没有乡镇也没有村",
    }
}

/// A code that ended: what followed it, or what the district still has to say.
pub(crate) fn ended(ended: &Ended) -> String {
    let named = |places: &[district::Named]| {
        let named = places.iter().map(|place| format!("{} {}", place.code, place.name));
        named.collect::<Vec<_>>().join("、")
    };
    let why = match ended.change.as_deref() {
        Some("renamed") => "更名",
        Some("recoded") => "换代码",
        Some("merged") => "并入",
        Some("split") => "分设",
        Some("abolished") => "撤销，无承接",
        _ => "停用",
    };
    let head = format!("  {} {}  {} {why}", ended.code, ended.name, ended.until.as_deref().unwrap_or("-"));
    if !ended.successors.is_empty() {
        return format!("{head} → {}", named(&ended.successors));
    }
    match (ended.change.as_deref(), ended.suggestions.as_slice()) {
        (Some("abolished"), _) => head,
        (_, []) => format!("{head}  承接待认定 successor to be said (places succeed)"),
        (_, some) => format!("{head}  承接待认定 successor to be said; 名称相近 called alike: {}", named(some)),
    }
}

pub(crate) fn founded(data: &Path, made: &Founding) -> String {
    let mut zh = Vec::new();
    let mut en = Vec::new();
    let mut tell = |made: bool, chinese: &'static str, english: &'static str| {
        if made {
            zh.push(chinese);
            en.push(english);
        }
    };
    tell(made.folder, "数据文件夹（只有当前用户能读）", "the data folder (readable by this user only)");
    tell(made.signing_key, "签名密钥", "the key that signs receipts");
    tell(made.certificate, "服务器证书", "the server's certificate");
    tell(made.database, "数据库", "the database");
    format!(
        "首次启动，已在 {0} 建立：{1}。请定期备份整个文件夹。\n\
         First start: made in {0}: {2}. Back up the whole folder regularly.\n",
        data.display(),
        zh.join("、"),
        en.join(", "),
    )
}

pub(crate) fn first_code(code: &PrintedCode) -> String {
    format!(
        "管理员注册码（一次有效，{1} 前使用，电脑将连接 {2}）：\n\
         The administrator's enrolment code (good once, until {1}; the laptop will call {2}):\n\n  {0}\n\n\
         在管理员的电脑上打开农环台账，输入或扫描它，或运行：nonghuan enrol 注册码 --name 姓名\n\
         Type or scan it in the app on the administrator's laptop, or run: nonghuan enrol CODE --name NAME\n\
         它只显示这一次。其他人的注册码：nonghuan-district code --scope 区划代码 --role 角色\n\
         It is shown only now. Codes for others: nonghuan-district code --scope CODE --role ROLE\n",
        code.code, code.expires_at, code.address,
    )
}

pub(crate) fn no_first_code(listen: &str) -> String {
    format!(
        "服务器监听在 {listen}，无法得知电脑用什么地址连接。请生成管理员注册码：\n\
         Listening on {listen}; which address laptops call is not known. Make the administrator's code with:\n\n  \
         nonghuan-district code --role admin --address HOST:PORT\n"
    )
}

pub(crate) fn code(code: &PrintedCode) -> String {
    let scope = code.scope.as_ref().map_or("全部", |scope| scope.as_str());
    format!(
        "一次有效；范围 {scope}，角色 {0}；{1} 前使用；电脑将连接 {2}。\n\
         Good once; scope {scope}, role {0}; until {1}; the laptop will call {2}.",
        code.role, code.expires_at, code.address,
    )
}

pub(crate) fn device(device: &DeviceView) -> String {
    let standing = match (&device.revoked_at, &device.seen_at) {
        (Some(at), _) => format!("已停用 revoked {at}"),
        (None, Some(at)) => format!("最近联系 seen {at}"),
        (None, None) => format!("已注册 enrolled {}", device.enrolled_at),
    };
    let scopes: Vec<&str> = device.scopes.iter().map(domain::Scope::as_str).collect();
    let code_for = device.code_for.as_ref().map(|person| format!("（发给 {person}）")).unwrap_or_default();
    format!(
        "{}  {}  {}{code_for}  {}  {}  {standing}",
        device.id,
        device.letter,
        device.name,
        device.role,
        scopes.join(",")
    )
}

/// What an audit found broken, and where.
pub(crate) fn broken(broken: &Broken) -> String {
    let scope = broken.scope.as_ref().map(ToString::to_string).unwrap_or_default();
    let place = match broken.seq {
        Some(seq) => format!("{scope} 第 {seq} 条 entry {seq}"),
        None => scope,
    };
    let fault = match &broken.fault {
        Fault::ChainBroken => "与前一条接不上 does not follow the one before".to_owned(),
        Fault::HeadDiffers => "流水末尾与登记不符 ends elsewhere than its head says".to_owned(),
        Fault::VerdictDiffers { kept, computed } => {
            format!("裁定应为 {computed}，记的是 {kept} verdict {kept}, computed {computed}")
        }
        Fault::RecordDiffers { record } => {
            format!("记录 {record} 与流水不符 record {record} is not what the log makes")
        }
        Fault::ReceiptDiffers { change } => format!("改动 {change} 的回执不符 receipt of {change} differs"),
        Fault::CounterMissing { device, incarnation, counter } => {
            format!(
                "{device} 第 {incarnation} 代缺第 {counter} 号改动 number {counter} of {device}/{incarnation} is missing"
            )
        }
    };
    format!("{place}  {fault}")
}
