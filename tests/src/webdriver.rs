//! A small WebDriver client: enough of the protocol to use the window as a person does.
//!
//! Own code, since a client library would bring an async runtime and a second
//! HTTP stack for six requests.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::programs::Running;
use crate::{Bus, Screen, Trouble, trouble, until};

const DRIVER: &str = "WebKitWebDriver";

/// The key under which WebDriver names an element (W3C WebDriver §12).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How long a condition in the window may take to come true.
const PATIENCE: Duration = Duration::from_secs(30);

/// The window, driven.
#[derive(Debug)]
pub struct Browser {
    port: u16,
    session: String,
    // Held for its end: the driver and the window end together with the session.
    _driver: Running,
}

impl Browser {
    /// Starts `program` on `screen`, with `environment`, under WebKit's driver.
    ///
    /// # Errors
    /// When the driver or the window does not start.
    pub fn open(screen: &Screen, program: &Path, environment: &[(&str, &str)]) -> Result<Self, Trouble> {
        Self::begin(screen.command(Path::new(DRIVER)), program, &[], environment)
    }

    /// The same with `files` as the program's arguments, and on a bus where a second start finds it.
    ///
    /// # Errors
    /// As [`Browser::open`].
    pub fn open_with(
        (screen, bus): (&Screen, &Bus),
        program: &Path,
        files: &[&Path],
        environment: &[(&str, &str)],
    ) -> Result<Self, Trouble> {
        let mut driver = screen.command_without_bus(Path::new(DRIVER));
        driver.envs([bus.variable()]);
        Self::begin(driver, program, files, environment)
    }

    fn begin(
        mut command: Command,
        program: &Path,
        files: &[&Path],
        environment: &[(&str, &str)],
    ) -> Result<Self, Trouble> {
        let port = free_port()?;
        command.args([format!("--port={port}"), "--host=127.0.0.1".into()]).envs(environment.iter().copied());
        // The window takes the driver's commands only when it is told that it is driven.
        command.envs([("TAURI_AUTOMATION", "true"), ("TAURI_WEBVIEW_AUTOMATION", "true")]);
        let driver = Running::start(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()))?;
        until("WebKitWebDriver", PATIENCE, || TcpStream::connect(("127.0.0.1", port)).ok())?;
        let mut browser = Self { port, session: String::new(), _driver: driver };
        let options = json!({ "binary": program, "args": files });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let answer = browser.call("POST", "/session", Some(&wanted))?;
        let session = answer["sessionId"].as_str().ok_or_else(|| Trouble(format!("no session: {answer}")))?;
        browser.session = format!("/session/{session}");
        Ok(browser)
    }

    /// What the JavaScript function body `script` returns.
    ///
    /// # Errors
    /// When the script throws, or the window has gone.
    pub fn script(&self, script: &str, args: &[Value]) -> Result<Value, Trouble> {
        let body = json!({ "script": script, "args": args });
        self.call("POST", &format!("{}/execute/sync", self.session), Some(&body))
    }

    /// Waits until the function body `script` returns something true.
    ///
    /// # Errors
    /// When it does not within half a minute; with the words then on the page.
    pub fn wait_for(&self, what: &str, script: &str, args: &[Value]) -> Result<Value, Trouble> {
        let truthy = |value: &Value| !matches!(value, Value::Null | Value::Bool(false)) && value != "";
        until(what, PATIENCE, || self.script(script, args).ok().filter(truthy))
            .map_err(|Trouble(why)| Trouble(format!("{why}\non the page: {}", self.words().unwrap_or_default())))
    }

    /// All words on the page.
    ///
    /// # Errors
    /// When the window has gone.
    pub fn words(&self) -> Result<String, Trouble> {
        // Asked by script: WebDriver's own element text is empty inside tables of Element Plus.
        Ok(self.script("return document.body.innerText", &[])?.as_str().unwrap_or_default().to_string())
    }

    /// Waits until `words` are on the page.
    ///
    /// # Errors
    /// As [`Browser::wait_for`].
    pub fn wait_for_words(&self, words: &str) -> Result<(), Trouble> {
        let script = "return document.body.innerText.includes(arguments[0])";
        self.wait_for(&format!("the words {words}"), script, &[json!(words)]).map(drop)
    }

    /// Clicks the first visible element that `css` finds and whose text contains `words`.
    ///
    /// # Errors
    /// When there is none within half a minute, or something lies over it all that time.
    pub fn click(&self, css: &str, words: &str) -> Result<(), Trouble> {
        let wanted = [json!(css), json!(words)];
        let mut last = "there is none".to_string();
        let mut stood = Value::Null;
        until("a click", PATIENCE, || {
            // Looked up at every try, and clicked only where it stood at the last look too and lies on top: it may be
            // moving, drawn anew, or under what is just closing, and a click beside it would be lost in silence.
            let seen = self.script(ON_TOP, &wanted).ok()?;
            let id = seen["element"][ELEMENT].as_str()?;
            if std::mem::replace(&mut stood, seen["at"].clone()) != seen["at"] {
                return None;
            }
            let done = self.call("POST", &format!("{}/element/{id}/click", self.session), Some(&json!({})));
            done.map_err(|Trouble(why)| last = why).ok()?;
            // On a busy machine the driver's own click can be lost on its way into the page.
            let heard = || (self.script("return document.heardClick === true", &[]).ok()? == true).then_some(());
            until("the page to hear the click", PATIENCE_FOR_A_CLICK, heard).map_err(|Trouble(why)| last = why).ok()
        })
        .map(drop)
        .map_err(|Trouble(why)| {
            let page = self.words().unwrap_or_default();
            Trouble(format!("{why}: {css} with {words:?}: {last}\non the page: {page}"))
        })
    }

    /// Types into the first visible element that `css` finds, after emptying it.
    ///
    /// By script with an `input` event: the driver's own keys drop characters
    /// outside the basic plane in silence, and some village names have them.
    ///
    /// # Errors
    /// When there is none within half a minute.
    pub fn fill(&self, css: &str, text: &str) -> Result<(), Trouble> {
        let element = self.wait_for(css, VISIBLE, &[json!(css), json!("")])?;
        self.script(FILL, &[element, json!(text)]).map(drop)
    }

    /// Chooses files in the file input that `css` finds, which may be hidden behind a button.
    ///
    /// # Errors
    /// When there is none within half a minute, or the driver does not take the files.
    pub fn choose_files(&self, css: &str, files: &[&Path]) -> Result<(), Trouble> {
        let element = self.wait_for(css, "return document.querySelector(arguments[0])", &[json!(css)])?;
        let id = element[ELEMENT].as_str().ok_or_else(|| Trouble(format!("{css} is no element: {element}")))?;
        let text: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
        let body = json!({ "text": text.join("\n") });
        self.call("POST", &format!("{}/element/{id}/value", self.session), Some(&body)).map(drop)
    }

    /// A picture of the whole page, as PNG.
    ///
    /// # Errors
    /// When the window has gone.
    pub fn picture(&self) -> Result<Vec<u8>, Trouble> {
        let picture = self.call("GET", &format!("{}/screenshot", self.session), None)?;
        let text = picture.as_str().unwrap_or_default().as_bytes();
        data_encoding::BASE64.decode(text).map_err(trouble("the picture"))
    }

    /// Makes the window as large as this.
    ///
    /// # Errors
    /// When the window has gone.
    pub fn size(&self, width: u32, height: u32) -> Result<(), Trouble> {
        let body = json!({ "x": 0, "y": 0, "width": width, "height": height });
        self.call("POST", &format!("{}/window/rect", self.session), Some(&body)).map(drop)
    }

    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Trouble> {
        let (status, answer) = self.request(method, path, body).map_err(trouble(format!("{method} {path}")))?;
        let value = answer["value"].clone();
        if status == 200 { Ok(value) } else { Err(Trouble(format!("{method} {path}: {value}"))) }
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> std::io::Result<(u16, Value)> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let odd = || std::io::Error::other(format!("an odd answer: {answer}"));
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(odd)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(odd)?;
        Ok((status, serde_json::from_str(body).map_err(|_| odd())?))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            // A window that has gone already has no session to end.
            let _ = self.request("DELETE", &self.session.clone(), None);
        }
    }
}

/// How long a click may be on its way before it counts as lost.
const PATIENCE_FOR_A_CLICK: Duration = Duration::from_secs(3);

const VISIBLE: &str = "
    const [css, words] = arguments;
    const found = [...document.querySelectorAll(css)].find(element => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.height > 0 && !element.disabled && element.innerText.includes(words);
    });
    // In the middle, since bars stick to the edges of the page.
    found?.scrollIntoView({ block: 'center' });
    return found ?? null;";

const ON_TOP: &str = "
    const [css, words] = arguments;
    const found = [...document.querySelectorAll(css)].find(element => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.height > 0 && !element.disabled && element.innerText.includes(words);
    });
    if (!found) return null;
    // In the middle, since bars stick to the edges of the page.
    found.scrollIntoView({ block: 'center' });
    const box = found.getBoundingClientRect();
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!found.contains(top)) return null;
    document.heardClick = false;
    found.addEventListener('click', () => { document.heardClick = true; }, { once: true, capture: true });
    return { element: found, at: [box.x, box.y, box.width, box.height] };";

const FILL: &str = "
    const [found, text] = arguments;
    const element = found.matches('input, textarea') ? found : found.querySelector('input, textarea');
    const kind = element instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    element.focus();
    Object.getOwnPropertyDescriptor(kind.prototype, 'value').set.call(element, text);
    element.dispatchEvent(new Event('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
    element.blur();";

/// A port that nobody listened on a moment ago: the driver must be told one.
fn free_port() -> Result<u16, Trouble> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(trouble("no free port"))?;
    Ok(listener.local_addr().map_err(trouble("no free port"))?.port())
}
