//! What crosses between page and program: calls one way with their answers, and
//! the other way what the page hears unasked (events, and how far a long piece of
//! work has come).

use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as Asked, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use desktop::Desk;
use futures_util::stream::{self, Stream};
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody, InvokeResponse, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, mock_builder, mock_context, noop_assets};
use tauri::webview::InvokeRequest;
use tauri::{App, Manager, WebviewWindow, WebviewWindowBuilder};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

/// A file as large as any that a page sends in one piece.
const LARGEST: usize = 256 << 20;

/// The pages that listen. One that is gone is forgotten with the next word to it.
#[derive(Clone, Default)]
struct Listeners(Arc<Mutex<Vec<UnboundedSender<Value>>>>);

impl Listeners {
    fn tell(&self, word: &Value) {
        self.lock().retain(|page| page.send(word.clone()).is_ok());
    }

    fn join(&self) -> UnboundedReceiver<Value> {
        let (page, words) = unbounded_channel();
        self.lock().push(page);
        words
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<UnboundedSender<Value>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The program behind the page.
#[derive(Clone)]
pub(crate) struct Bridge {
    window: WebviewWindow<MockRuntime>,
    listeners: Listeners,
    // Held for its end.
    _program: Arc<Mutex<App<MockRuntime>>>,
}

impl Bridge {
    /// Over the laptop in `data`.
    pub(crate) fn over(data: &Path) -> tauri::Result<Self> {
        let listeners = Listeners::default();
        let (hear, news) = (listeners.clone(), listeners.clone());
        let program = desktop::commands(mock_builder())
            .channel_interceptor(move |_, CallbackFn(channel), index, body| {
                hear.tell(&json!({ "channel": channel, "index": index, "message": value(body) }));
                true
            })
            .build(mock_context(noop_assets()))?;
        let desk = Desk::new(data.to_owned(), move |event, payload| {
            news.tell(&json!({ "event": event, "payload": payload }));
        });
        program.manage(desk);
        let window = WebviewWindowBuilder::new(&program, "main", tauri::WebviewUrl::default()).build()?;
        Ok(Self { window, listeners, _program: Arc::new(Mutex::new(program)) })
    }

    pub(crate) fn routes(self) -> Router {
        Router::new()
            .route("/call/{command}", post(call))
            .route("/events", get(events))
            .layer(DefaultBodyLimit::max(LARGEST))
            .with_state(self)
    }

    /// What the command answers, from Tauri as the window would have it.
    async fn ask(&self, cmd: String, body: InvokeBody, headers: HeaderMap) -> Result<InvokeResponse, String> {
        let url = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };
        let request = InvokeRequest {
            cmd,
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: url.parse().map_err(|_| format!("{url} is no address"))?,
            body,
            headers,
            invoke_key: INVOKE_KEY.to_owned(),
        };
        let (answer, answered) = oneshot::channel();
        let respond = move |_, _, response, _, _| {
            let _ = answer.send(response); // The page has gone on.
        };
        self.window.as_ref().clone().on_message(request, Box::new(respond));
        answered.await.map_err(|_| "the command ended without an answer".to_owned())
    }
}

async fn call(State(bridge): State<Bridge>, Asked(cmd): Asked<String>, headers: HeaderMap, body: Bytes) -> Response {
    let is_json = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes() == b"application/json");
    let body = if is_json {
        match serde_json::from_slice(&body) {
            Ok(arguments) => InvokeBody::Json(arguments),
            Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
        }
    } else {
        InvokeBody::Raw(body.into())
    };
    match bridge.ask(cmd, body, headers).await {
        Ok(InvokeResponse::Ok(InvokeResponseBody::Json(text))) => {
            ([(CONTENT_TYPE, "application/json")], text).into_response()
        }
        Ok(InvokeResponse::Ok(InvokeResponseBody::Raw(bytes))) => bytes.into_response(),
        Ok(InvokeResponse::Err(refusal)) => ([("x-refused", "true")], Json(refusal.0)).into_response(),
        Err(why) => (StatusCode::INTERNAL_SERVER_ERROR, why).into_response(),
    }
}

async fn events(State(bridge): State<Bridge>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(stream::unfold(bridge.listeners.join(), async |mut words| {
        let word = words.recv().await?;
        Some((Ok(Event::default().data(word.to_string())), words))
    }))
}

/// A word on a channel. Bytes do not occur: no command of ours sends them so.
fn value(body: &InvokeResponseBody) -> Value {
    match body {
        InvokeResponseBody::Json(text) => serde_json::from_str(text).unwrap_or_default(),
        InvokeResponseBody::Raw(bytes) => json!(bytes),
    }
}
