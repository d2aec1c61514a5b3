//! The names of things: records, changes, devices and scopes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    };
}

id! {
    /// A record; UUIDv7, made on the device that creates it.
    RecordId
}
id! {
    /// A change; UUIDv7, made on the device that saves it.
    ChangeId
}
id! {
    /// An enrolled device; given by the district.
    DeviceId
}

impl ChangeId {
    /// Four bytes of it that are chance: enough to tell the change from another one
    /// of the same number, as a laptop and its copy give it.
    #[must_use]
    pub fn mark(self) -> u32 {
        let [.., a, b, c, d] = *self.0.as_bytes();
        u32::from_be_bytes([a, b, c, d])
    }
}

/// A 9-digit township code, or the 6-digit district code for what all share.
///
/// The unit of partial copies, of permission and of order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Scope(String);

impl Scope {
    /// The scope written as `text`, if it is six or nine digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        (digits && matches!(text.len(), 6 | 9)).then(|| Self(text.to_owned()))
    }

    /// The scope's digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is a township's scope, not the district's shared one.
    #[must_use]
    pub fn is_township(&self) -> bool {
        self.0.len() == 9
    }

    /// The shared scope of the district that this scope lies in.
    #[must_use]
    pub fn district(&self) -> Self {
        Self(self.0[..6].to_owned())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Scope {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("`{text}` is no scope: six or nine digits"))
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.0
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn a_scope_is_six_or_nine_digits() {
        assert!(Scope::parse("320902").is_some(), "a district");
        assert!(Scope::parse("320902107").is_some_and(|s| s.is_township()), "a township");
        for wrong in ["", "3209", "320902107200", "32090210x", "３２０９０２"] {
            assert!(Scope::parse(wrong).is_none(), "`{wrong}` names no scope");
        }
    }
}
