//! `nonghuan-district`: the district's server, and the administrator's terminal.
//!
//! On stdout stands what was asked for and nothing else, so that scripts can use
//! it; words for the person at the terminal go to stderr.

mod bundle;
mod package;
mod release;
mod terminal;
mod words;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use district::{Config, District, DistrictError, Location, NewCode, PlaceLoad, Result, Server, Succession};
use domain::Scope;
use terminal::Terminal;

/// 农环台账 · 区服务器 The district's server.
#[derive(Parser)]
#[command(name = "nonghuan-district", version, propagate_version = true)]
struct Invocation {
    /// 数据文件夹 The data folder [default: the platform's].
    #[arg(long, global = true, env = "NONGHUAN_DISTRICT_DATA")]
    data: Option<PathBuf>,
    /// 数据库位置 Where the database is: `sqlite:PATH` or
    /// `postgres://USER@HOST:PORT/NAME`; remembered for later commands.
    #[arg(long, global = true, env = "NONGHUAN_DISTRICT_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// 只输出一个 JSON 文档 Print one JSON document.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 启动服务 Serve until stopped.
    Serve(Serve),
    /// 生成一次性注册码 Make a one-time enrolment code.
    Code(Code),
    /// 让没有网络的电脑注册：读它写在U盘上的申请，写回执 Let in a laptop without a line: read its request on a
    /// stick, write the reply.
    Enrol(bundle::Enrol),
    /// 已注册的电脑 The laptops that were let in.
    #[command(subcommand)]
    Device(Device),
    /// 显示一条记录 Show one record.
    Show {
        /// 记录编号 The record's id.
        id: String,
    },
    /// 列出一类记录 List the records of one kind.
    List {
        /// 类别 The kind, such as `village` or `works`.
        kind: String,
        /// 最多几条 At most so many.
        #[arg(long)]
        limit: Option<u64>,
        /// 跳过几条 Leave out so many first.
        #[arg(long, default_value_t = 0)]
        offset: u64,
    },
    /// 检查一份申报 What a reviewer would find in an application, over all that the district holds.
    Check {
        /// 申报的记录编号 The application's id.
        application: String,
    },
    /// 查验全部流水 Check every log, from its first entry to its last.
    Audit,
    /// 行政区划 Townships and villages.
    #[command(subcommand)]
    Places(Places),
    /// U盘往来 The exchange in files on a stick.
    #[command(subcommand)]
    Bundle(bundle::Bundle),
    /// 申报包 Application packages.
    #[command(subcommand)]
    Package(package::Package),
    /// 新版程序 New programs for the laptops.
    #[command(subcommand)]
    Release(release::Release),
    /// 附件 The attachments.
    #[command(subcommand)]
    Attachments(Attachments),
}

#[derive(Args)]
struct Serve {
    /// 监听地址 Where to listen; port 0 lets the system choose.
    #[arg(long, default_value = "127.0.0.1:7443")]
    listen: SocketAddr,
    /// 附件位置 Where the attachments are: `file:PATH`, or `s3://BUCKET/PREFIX?endpoint=URL&region=NAME`
    /// with its keys in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; remembered for all
    /// commands, without keys.
    #[arg(long)]
    attachments: Option<String>,
}

#[derive(Args)]
struct Code {
    /// 乡镇九位码或区六位码 The township's nine digits or the district's six; only an
    /// administrator's code can do without.
    #[arg(long, value_parser = scope)]
    scope: Option<Scope>,
    /// 角色 The role: clerk, lead, reviewer, finance, reader, admin.
    #[arg(long)]
    role: String,
    /// 电脑连接服务器用的地址 `HOST:PORT` as laptops call it [default: where `serve` last listened].
    #[arg(long, value_parser = address)]
    address: Option<String>,
    /// 有效天数 For how many days it is good.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=365))]
    days: u32,
    /// 发给谁 For whom, as a note.
    #[arg(long)]
    person: Option<String>,
}

#[derive(Subcommand)]
enum Device {
    /// 列出 List them.
    List,
    /// 改动持有的乡镇 Grant townships to one, or withdraw them.
    Reach {
        /// 电脑编号 The device's id.
        id: String,
        /// 增加的乡镇 A township that it holds from now on.
        #[arg(long, value_parser = scope)]
        grant: Vec<Scope>,
        /// 收回的乡镇 A township that it gives up, once its pending changes have their verdicts.
        #[arg(long, value_parser = scope)]
        withdraw: Vec<Scope>,
    },
    /// 停用一台 Shut one out, from now on.
    Revoke {
        /// 电脑编号 The device's id.
        id: String,
    },
}

#[derive(Subcommand)]
enum Attachments {
    /// 清理无主文件 Let go of what belongs to nobody, as a running server does once a day.
    Collect,
}

#[derive(Subcommand)]
enum Places {
    /// 载入区划代码表 Load a list of codes: code,name,parent,level,kind.
    Load {
        /// CSV 文件 The file.
        file: PathBuf,
        /// 生效日期 The first day on which the list holds (YYYY-MM-DD); needed where names changed or codes ended.
        #[arg(long)]
        from: Option<NaiveDate>,
        /// 名录完整的区划 The list has everything below this code: what it lacks there has ended.
        #[arg(long, value_name = "CODE")]
        complete: Vec<String>,
        /// 只取这个区划 Only what lies in this code, out of a larger list.
        #[arg(long, value_name = "CODE", default_value = "")]
        within: String,
        /// 只说明，不写入 Only say what would be done.
        #[arg(long)]
        dry_run: bool,
        /// 变更署名 The person named in the changes.
        #[arg(long, default_value = "district")]
        author: String,
    },
    /// 列出停用的代码 The codes that ended, with what followed them or may have.
    Changes,
    /// 认定承接关系 Say what became of a code.
    Succeed {
        /// 停用的代码 The code that ended.
        old: String,
        /// 承接的代码 The codes that follow it.
        #[arg(required_unless_present = "none")]
        new: Vec<String>,
        /// 撤销，无承接 Nothing follows it.
        #[arg(long, conflicts_with = "new")]
        none: bool,
        /// 停用日期 The first day without it, where it is still in use.
        #[arg(long)]
        from: Option<NaiveDate>,
        /// 停用原因 Why: renamed, recoded, merged, split, abolished.
        #[arg(long = "as", value_name = "REASON")]
        change: Option<String>,
        /// 变更署名 The person named in the change.
        #[arg(long, default_value = "district")]
        author: String,
    },
}

fn places(terminal: &Terminal, district: &District, command: Places) -> Result<()> {
    match command {
        Places::Load { file, from, complete, within, dry_run, author } => {
            terminal.loaded(&district.load_places_as(&PlaceLoad { file, author, from, complete, within, dry_run })?);
        }
        Places::Changes => terminal.ended(&district.place_changes()?),
        Places::Succeed { old, new, none: _, from, change, author } => {
            terminal.ended(&[district.succeed_place(&Succession { old, new, from, change, author })?]);
        }
    }
    Ok(())
}

fn scope(text: &str) -> std::result::Result<Scope, String> {
    Scope::parse(text).ok_or_else(|| "a scope has six or nine digits · 应为六位或九位区划代码".to_owned())
}

fn address(text: &str) -> std::result::Result<String, String> {
    let good = text.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty() && !host.contains(char::is_whitespace) && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    if good { Ok(text.to_owned()) } else { Err("HOST:PORT is wanted · 应为 主机:端口".to_owned()) }
}

fn main() -> ExitCode {
    let Invocation { data, database, json, command } = Invocation::parse();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()))
        .with_writer(std::io::stderr)
        .init();
    let terminal = Terminal { json };
    let done = match data.or_else(default_data) {
        Some(data) => run(&terminal, Location { data, database, attachments: None }, command),
        None => {
            let (path, reason) = (String::new(), "this system names no data folder; give --data".to_owned());
            Err(DistrictError::FolderUnusable { path, reason })
        }
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            terminal.refused(&error);
            ExitCode::from(1)
        }
    }
}

fn default_data() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("cn", "nonghuan", "nonghuan-district")?;
    Some(folders.data_local_dir().to_owned())
}

fn run(terminal: &Terminal, location: Location, command: Command) -> Result<ExitCode> {
    if let Command::Serve(Serve { listen, attachments }) = command {
        return serve(terminal, &Config { location: Location { attachments, ..location }, listen })
            .map(|()| ExitCode::SUCCESS);
    }
    let district = District::open(&location)?;
    if district.founding().is_first_start() {
        terminal.founded(&district);
        terminal.first_code(district.first_code())?;
    }
    match command {
        Command::Serve(_) => unreachable!("served above"),
        Command::Code(Code { scope, role, address, days, person }) => {
            terminal.code(&district.code(&NewCode { scope, role, address, days, person })?);
        }
        Command::Enrol(enrol) => return bundle::enrol(terminal, district, &enrol),
        Command::Device(Device::List) => terminal.devices(&district.devices()?),
        Command::Device(Device::Reach { id, grant, withdraw }) => {
            terminal.devices(&[district.reach(&id, &grant, &withdraw)?]);
        }
        Command::Device(Device::Revoke { id }) => terminal.revoked(&district.revoke(&id)?),
        Command::Audit => {
            let audit = district.audit(&mut |entries| terminal.read(entries))?;
            terminal.audited(&audit);
            return Ok(if audit.ok { ExitCode::SUCCESS } else { ExitCode::from(1) });
        }
        Command::Check { application } => terminal.checked(&district.check(&application)?),
        Command::Show { id } => terminal.record(&district.show(&id)?),
        Command::List { kind, limit, offset } => terminal.list(&district.list(&kind, limit, offset)?),
        Command::Attachments(Attachments::Collect) => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            terminal.collected(&runtime.block_on(Arc::new(district).collect(chrono::Utc::now()))?);
        }
        Command::Package(command) => return package::run(terminal, &district, &command),
        Command::Release(command) => return release::run(terminal, &district, command),
        Command::Bundle(bundle) => return bundle::run(terminal, district, bundle),
        Command::Places(command) => places(terminal, &district, command)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn serve(terminal: &Terminal, config: &Config) -> Result<()> {
    // Heard from before the line is printed on which scripts wait, so that a
    // script may stop the server at once.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let told_to_stop = {
        let _inside = runtime.enter();
        stop_signal()?
    };
    let running = Server::start(config)?;
    if running.district().founding().is_first_start() {
        terminal.founded(running.district());
    }
    terminal.first_code(running.district().first_code())?;
    terminal.listening(&running.url());
    runtime.block_on(told_to_stop);
    running.stop();
    Ok(())
}

/// Ends when the terminal or the system asks the program to.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when the terminal or the system asks the program to.
#[cfg(windows)]
fn stop_signal() -> Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    let mut close = tokio::signal::windows::ctrl_close()?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = close.recv() => {}
        }
    })
}
