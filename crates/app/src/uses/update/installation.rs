//! How a program came onto this machine, and so in which form a new one must come.

use std::path::{Path, PathBuf};

use release::{Form, target};

/// The window's program, as it is installed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// The file that is started.
    pub program: PathBuf,
    pub(super) form: Form,
}

impl Installation {
    /// The one that is running.
    #[must_use]
    pub fn running() -> Self {
        // Inside an AppImage the program lies in a mount that is gone when it ends.
        match std::env::var_os("APPIMAGE").filter(|_| cfg!(target_os = "linux")) {
            Some(image) => Self { program: image.into(), form: Form::AppImage },
            None => Self::at(&std::env::current_exe().unwrap_or_default()),
        }
    }

    /// The one at `program`.
    #[must_use]
    pub fn at(program: &Path) -> Self {
        let program = program.canonicalize().unwrap_or_else(|_| program.to_owned());
        let system = ["/usr", "/opt"].iter().any(|folder| program.starts_with(folder));
        let image = program.extension().is_some_and(|end| end.eq_ignore_ascii_case("AppImage"));
        let form = match () {
            () if cfg!(windows) => Form::Installer,
            () if image => Form::AppImage,
            () if system => Form::Deb,
            () => Form::Program,
        };
        Self { program, form }
    }

    /// What a release for it says.
    #[must_use]
    pub fn target(&self) -> String {
        target(self.form)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_installed_the_system_updates_and_a_persons_own_file_is_replaced() {
        let form = |path: &str| Installation::at(Path::new(path)).form;
        assert_eq!(form("/usr/bin/nonghuan-desktop"), Form::Deb);
        assert_eq!(form("/srv/li/nonghuan-desktop"), Form::Program);
        assert_eq!(form("/srv/li/农环台账.AppImage"), Form::AppImage);
        assert!(Installation::at(Path::new("/srv/li/x")).target().ends_with("-program"));
    }
}
