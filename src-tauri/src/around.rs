//! The desktop program around the window: one for each laptop, in front when it is
//! opened again, with what waits on its icon, and ready to give way to a newer one.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use desktop::{Desk, Frame, folder};
use tauri::{AppHandle, Manager, WebviewWindow};

/// The program around the window.
pub(crate) struct Around {
    shell: AppHandle,
    /// Whether somebody waits to hear that this program's window is there.
    is_awaited: AtomicBool,
}

impl Around {
    pub(crate) fn new(shell: AppHandle, is_awaited: bool) -> Self {
        Self { shell, is_awaited: AtomicBool::new(is_awaited) }
    }

    /// Does something to the window, if it is there. What a desktop does not know it does not do.
    fn window(&self, what: &str, act: impl FnOnce(&WebviewWindow) -> tauri::Result<()>) {
        if let Some(window) = self.shell.get_webview_window("main")
            && let Err(error) = act(&window)
        {
            tracing::warn!(%error, what, "the window did not");
        }
    }
}

impl Frame for Around {
    fn answered(&self) {
        if self.is_awaited.swap(false, Ordering::Relaxed) {
            let mut out = std::io::stdout();
            let _ = writeln!(out, "{}", app::STARTED).and_then(|()| out.flush()); // Whoever waited may be gone.
        }
    }

    fn waiting(&self, count: u64, title: &str) {
        self.window("take its title", |window| window.set_title(title));
        let shown = i64::try_from(count).ok().filter(|count| *count > 0);
        // Docks and task bars that show a number do; the title says it everywhere.
        #[cfg(not(windows))]
        self.window("show what waits", |window| window.set_badge_count(shown));
        #[cfg(windows)]
        self.window("show what waits", |window| window.set_overlay_icon(shown.map(|_| dot())));
    }

    fn step_aside(&self) {
        self.window("hide", WebviewWindow::hide);
        tauri_plugin_single_instance::destroy(&self.shell);
        self.shell.remove_plugin("single-instance");
    }

    fn come_back(&self) {
        if let Err(error) = self.shell.plugin(one_window(&folder())) {
            tracing::warn!(%error, "a second window would not be noticed");
        }
        self.window("come back", WebviewWindow::show);
    }

    fn leave(&self) {
        self.shell.exit(0);
    }
}

/// A round dot, for a task bar that shows pictures and no numbers.
#[cfg(windows)]
fn dot() -> tauri::image::Image<'static> {
    const EDGE: u32 = 16;
    let inside = |x: u32, y: u32| (2 * x + 1).abs_diff(EDGE).pow(2) + (2 * y + 1).abs_diff(EDGE).pow(2) <= EDGE.pow(2);
    let pixel = |at: u32| if inside(at % EDGE, at / EDGE) { [0xC4, 0x3D, 0x2F, 0xFF] } else { [0; 4] };
    tauri::image::Image::new_owned((0..EDGE * EDGE).flat_map(pixel).collect(), EDGE, EDGE)
}

/// Two windows over one laptop would only confuse its person: a second one hands
/// over the files that it was opened with, and the first comes to the front. By the
/// laptop's folder, so that somebody with two laptops on one machine has two windows.
pub(crate) fn one_window(folder: &Path) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    let name = format!("cn.nonghuan.desktop.at{:016x}", hasher.finish());
    tauri_plugin_single_instance::Builder::new()
        .callback(|shell, arguments, folder| {
            shell.state::<Arc<Desk>>().opened_with(&arguments, Path::new(&folder));
            if let Some(window) = shell.get_webview_window("main") {
                let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
                if let Err(error) = shown {
                    tracing::warn!(%error, "the window did not come to the front");
                }
            }
        })
        .dbus_id(name)
        .build()
}
