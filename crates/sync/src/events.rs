//! Listening: a line to the district that stays open, on which it says that there
//! is something to fetch, and when to try again after it broke.

use std::time::Duration;

use reqwest::{Method, Response};

use crate::http::{District, Error, accepted};

/// The shortest wait after a line broke.
const SHORTEST: Duration = Duration::from_secs(1);

/// The longest: a district that is away for a week is not asked every second.
const LONGEST: Duration = Duration::from_secs(300);

/// The district, saying when there is news.
#[derive(Debug)]
pub struct Events {
    response: Response,
    rest: Vec<u8>,
}

impl District {
    /// Opens a line on which the district says that there is news.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn events(&self) -> Result<Events, Error> {
        let response = accepted(self.request(Method::GET, "/v1/events").send().await?).await?;
        Ok(Events { response, rest: Vec::new() })
    }
}

impl Events {
    /// Waits for news; `false` when the district has ended the line.
    ///
    /// # Errors
    /// When the line broke, or nothing was heard on it for a minute.
    pub async fn next(&mut self) -> Result<bool, Error> {
        loop {
            while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                if line.starts_with(b"event: news") {
                    return Ok(true);
                }
            }
            match self.response.chunk().await? {
                Some(chunk) => self.rest.extend_from_slice(&chunk),
                None => return Ok(false),
            }
        }
    }
}

/// How long to wait after the nth failure in a row, `chance` being any number:
/// twice as long each time, and never at the same moment as everybody else whose
/// line broke with the same server.
#[must_use]
pub fn wait_after(failures: u32, chance: u32) -> Duration {
    let whole = SHORTEST.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1))).min(LONGEST);
    let half = whole / 2;
    half + half.mul_f64(f64::from(chance) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_five_minutes_and_differ_from_laptop_to_laptop() {
        assert_eq!(wait_after(1, u32::MAX), SHORTEST);
        assert_eq!(wait_after(1, 0), SHORTEST / 2, "never more often than twice a second");
        assert_eq!(wait_after(4, u32::MAX), Duration::from_secs(8));
        assert_eq!(wait_after(u32::MAX, u32::MAX), LONGEST);
        assert_ne!(wait_after(9, 1 << 20), wait_after(9, 1 << 30), "a hundred laptops do not all call at once");
    }
}
