//! Waiting for a condition: the only way in which a test may pass time. And a
//! moment that passes, for what is to be struck in its midst.

use std::time::{Duration, Instant};

use crate::Trouble;

/// Asks again and again until `found` has an answer.
///
/// # Errors
/// When `limit` has passed without one; `what` says what was waited for.
pub fn until<T>(what: &str, limit: Duration, mut found: impl FnMut() -> Option<T>) -> Result<T, Trouble> {
    let start = Instant::now();
    loop {
        if let Some(answer) = found() {
            return Ok(answer);
        }
        if start.elapsed() > limit {
            return Err(Trouble(format!("waited {} s in vain: {what}", limit.as_secs())));
        }
        pass(Duration::from_millis(20));
    }
}

/// Lets a moment pass, up to which something runs that is to be struck then, or
/// for which a line holds back what it carries. Never to wait for anything.
pub(crate) fn pass(moment: Duration) {
    #[expect(clippy::disallowed_methods, reason = "the one place that passes time")]
    std::thread::sleep(moment);
}
