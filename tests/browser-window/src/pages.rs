//! The pages as they were built, under the same rules of content as in the window.

use std::collections::HashMap;
use std::fs;
use std::io::{Error, Result};
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path as Asked, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// What the window may load, from the desktop program's own settings.
const SETTINGS: &str = include_str!("../../../src-tauri/tauri.conf.json");

/// What stands in for Tauri in the page.
const STAND_IN: &str = include_str!("window.js");

/// Every file of the pages by its path below their folder, in memory: no path of a request touches the disk.
pub(crate) struct Pages {
    files: HashMap<String, Vec<u8>>,
    rules: String,
}

impl Pages {
    /// The pages in `folder`, with the stand-in loaded before all else.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut files = HashMap::new();
        read(folder, "", &mut files)?;
        let index = files.get_mut("index.html").ok_or_else(|| Error::other("no index.html among the pages"))?;
        let page = String::from_utf8_lossy(index).replacen("<head>", "<head><script src=\"./window.js\"></script>", 1);
        *index = page.into_bytes();
        files.insert("window.js".to_owned(), STAND_IN.as_bytes().to_vec());
        let settings: serde_json::Value = serde_json::from_str(SETTINGS)?;
        let rules = settings["app"]["security"]["csp"].as_str().ok_or_else(|| Error::other("no rules of content"))?;
        Ok(Self { files, rules: rules.to_owned() })
    }

    /// All below `top`, such as `/token`.
    pub(crate) fn routes(self, top: &str) -> Router {
        let first = |State(pages): State<Arc<Self>>| async move { pages.give("index.html") };
        let any = |State(pages): State<Arc<Self>>, Asked(path): Asked<String>| async move { pages.give(&path) };
        let (first_page, any_file) = (format!("{top}/"), format!("{top}/{{*path}}"));
        Router::new().route(&first_page, get(first)).route(&any_file, get(any)).with_state(Arc::new(self))
    }

    fn give(&self, path: &str) -> Response {
        let Some(bytes) = self.files.get(path) else { return axum::http::StatusCode::NOT_FOUND.into_response() };
        let kind = match path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("json") => "application/json",
            Some("png") => "image/png",
            Some("woff2") => "font/woff2",
            _ => "application/octet-stream",
        };
        ([(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, &self.rules)], bytes.clone()).into_response()
    }
}

fn read(folder: &Path, below: &str, files: &mut HashMap<String, Vec<u8>>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}
