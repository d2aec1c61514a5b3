//! `GET /health`: a page for people, also without TLS. It tells how much there
//! is and since when, and nothing about whom or what.

use axum::extract::State;
use axum::response::Html;
use chrono::{DateTime, Local};

use super::{Answer, Shared, apart};
use crate::database::{attachment, device, log, record};

/// What the page tells.
struct Figures {
    records: u64,
    changes: u64,
    last_change: Option<String>,
    devices: usize,
    last_seen: Option<String>,
    files: u64,
    file_bytes: u64,
    database_bytes: u64,
}

pub(crate) async fn health(State(district): State<Shared>) -> Answer<Html<String>> {
    let figures = apart(move || {
        district.database.read(|tx| {
            let (files, file_bytes) = attachment::totals(tx)?;
            let (changes, last_change) = log::totals(tx)?;
            Ok(Figures {
                records: record::count_all(tx)?,
                changes,
                last_change,
                devices: device::list(tx)?.iter().filter(|device| device.revoked_at.is_none()).count(),
                last_seen: device::last_seen(tx)?,
                files,
                file_bytes,
                database_bytes: district.database.bytes(tx)?,
            })
        })
    });
    Ok(Html(page(&figures.await?)))
}

fn page(figures: &Figures) -> String {
    let rows = [
        ("版本", "Version", env!("CARGO_PKG_VERSION").to_owned()),
        ("记录", "Records", figures.records.to_string()),
        ("变更", "Changes", figures.changes.to_string()),
        ("最近变更", "Last change", local(figures.last_change.as_deref())),
        ("电脑", "Laptops", figures.devices.to_string()),
        ("最近联系", "Last contact", local(figures.last_seen.as_deref())),
        ("附件", "Attachments", format!("{} · {}", figures.files, size(figures.file_bytes))),
        ("数据库", "Database", size(figures.database_bytes)),
    ];
    let rows: String = rows
        .iter()
        .map(|(zh, en, value)| format!("<tr><th>{zh} <small>{en}</small></th><td>{value}</td></tr>\n"))
        .collect();
    format!(
        "<!doctype html>
<html lang=\"zh-CN\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>农环台账 · 区服务器</title>
<style>
body {{ font: 16px/1.6 system-ui, 'Microsoft YaHei', sans-serif; color: #1f2d26; max-width: 34rem; margin: 3rem auto; padding: 0 1rem }}
h1 {{ font-size: 1.4rem; margin: 0 }} p {{ margin: 0 0 1.5rem; color: #55665d }}
table {{ border-collapse: collapse; width: 100% }} th, td {{ padding: .4rem 0; border-bottom: 1px solid #dfe6e1 }}
th {{ text-align: left; font-weight: 500 }} td {{ text-align: right; font-variant-numeric: tabular-nums }} small {{ color: #55665d }}
</style>
<h1>农环台账 · 区服务器</h1>
<p>运行正常。 The district server is running.</p>
<table>
{rows}</table>
</html>
"
    )
}

/// A time as the administrator's clock has it.
fn local(at: Option<&str>) -> String {
    let time = at.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    time.map_or_else(|| "—".to_owned(), |time| time.with_timezone(&Local).format("%Y-%m-%d %H:%M:%S").to_string())
}

fn size(bytes: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "one decimal place is shown")]
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_as_people_say_them() {
        assert_eq!([999, 1_500, 2_000_000, 3_210_000_000].map(size), ["999 B", "1.5 kB", "2.0 MB", "3.2 GB"]);
    }
}
