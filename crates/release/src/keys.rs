//! The keys by which releases are known, and the secret one that signs them.

use ed25519_dalek::{SigningKey, VerifyingKey};

/// Names the public keys when a program is built, in hex, with commas between
/// them: more than one while an old key gives way to a new one.
const NAME: &str = "NONGHUAN_RELEASE_KEYS";

const SECRET: &str = "nonghuan-release-key ";

/// The public keys whose signatures count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys(Vec<VerifyingKey>);

/// A text that holds no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no release key")]
pub struct KeysUnreadable;

impl Keys {
    /// The keys that were put into this program when it was built. One that is
    /// built for debugging takes those of its environment as well, so that a test
    /// can sign with a key of its own.
    #[must_use]
    pub fn built_in() -> Self {
        let built = option_env!("NONGHUAN_RELEASE_KEYS").map(str::to_owned);
        let tried = if cfg!(debug_assertions) { std::env::var(NAME).ok() } else { None };
        let texts: Vec<String> = built.into_iter().chain(tried).collect();
        Self::read(&texts.join(",")).unwrap_or_default()
    }

    /// Keys in hex, with commas between them.
    ///
    /// # Errors
    /// [`KeysUnreadable`] when one of them is none.
    pub fn read(text: &str) -> Result<Self, KeysUnreadable> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let key = |word: &str| {
            let mut bytes = [0; 32];
            hex::decode_to_slice(word, &mut bytes).map_err(|_| KeysUnreadable)?;
            VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak()).ok_or(KeysUnreadable)
        };
        words.map(key).collect::<Result<_, _>>().map(Self)
    }

    /// Whether there is none: then no release is taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &VerifyingKey> {
        self.0.iter()
    }
}

impl From<&SigningKey> for Keys {
    fn from(key: &SigningKey) -> Self {
        Self(vec![key.verifying_key()])
    }
}

/// The secret key as a line of text, to be kept in a file of its own.
#[must_use]
pub fn secret_text(key: &SigningKey) -> String {
    format!("{SECRET}{}\n", hex::encode(key.as_bytes()))
}

/// The secret key out of such a text.
///
/// # Errors
/// [`KeysUnreadable`].
pub fn read_secret(text: &str) -> Result<SigningKey, KeysUnreadable> {
    let hex = text.trim().strip_prefix(SECRET).ok_or(KeysUnreadable)?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(hex, &mut bytes).map_err(|_| KeysUnreadable)?;
    Ok(SigningKey::from_bytes(&bytes))
}
