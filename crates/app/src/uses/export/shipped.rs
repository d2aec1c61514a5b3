//! The templates: those that ship with the program, and the district's own beside
//! them in the laptop's folder, which go before the shipped ones of the same name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sheet::template::Placeholder;
use ts_rs::TS;

use super::computed::Computed;
use crate::{Laptop, Result, Trouble};

/// Where the district's own templates lie in the laptop's folder.
const FOLDER: &str = "templates";

/// The templates that ship with the program, by name; `templates/README.md` says where each comes from.
const SHIPPED: [(&str, &[u8]); 8] = [
    ("工程台账", include_bytes!("../../../templates/工程台账.xlsx")),
    ("资金台账", include_bytes!("../../../templates/资金台账.xlsx")),
    ("月调度表", include_bytes!("../../../templates/月调度表.xlsx")),
    ("黑臭水体清单", include_bytes!("../../../templates/黑臭水体清单.xlsx")),
    ("一村一档", include_bytes!("../../../templates/一村一档.xlsx")),
    ("奖补结算表", include_bytes!("../../../templates/奖补结算表.xlsx")),
    ("绩效自评表", include_bytes!("../../../templates/绩效自评表.xlsx")),
    (PACKAGE, include_bytes!("../../../templates/申报表格.xlsx")),
];

/// The tables of an application package: laid out by the district like the others, filled when one is compiled.
pub(crate) const PACKAGE: &str = "申报表格";

/// A template that tables can be written by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportTemplate {
    /// Its name.
    pub name: String,
    /// Where it lies; none where it is the program's own.
    pub path: Option<String>,
    /// What has to be said with it: `month`, or the kind of the one record that it is about.
    pub about: Option<String>,
}

impl ExportTemplate {
    fn new(name: String, path: Option<&Path>) -> Self {
        Self { name, path: path.map(|path| path.display().to_string()), about: None }
    }
}

impl Laptop {
    /// Every template by name: the laptop's own, then the program's.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn export_templates(&self) -> Result<Vec<ExportTemplate>> {
        let mut templates = self.templates()?;
        templates.retain(|template| template.name != PACKAGE);
        for template in &mut templates {
            let (name, bytes) = self.template_bytes(&template.name)?;
            // One that Excel has open or has broken is still listed, and says what it is when it is filled.
            template.about = sheet::template::placeholders(&name, &bytes).ok().and_then(|asked| self.about(&asked));
        }
        Ok(templates)
    }

    /// What a template that asks so is about: a month; or, where it asks for one of them
    /// and for what belongs to it, an application or a village.
    fn about(&self, asked: &[Placeholder]) -> Option<String> {
        let computed = |what: Computed| asked.iter().any(|one| Computed::named(one.kind()) == Some(what));
        let kind = |one: &Placeholder| {
            let mut kinds = self.catalog().kinds.iter();
            Some(kinds.find(|kind| kind.name == one.kind() || kind.label.zh == one.kind())?.name.as_str())
        };
        let kinds: BTreeSet<&str> = asked.iter().filter_map(kind).collect();
        if computed(Computed::Month) {
            return Some("month".to_owned());
        }
        if computed(Computed::Scores) || computed(Computed::Evaluation) {
            return Some("application".to_owned());
        }
        let one = ["application", "village"].into_iter().find(|one| kinds.len() > 1 && kinds.contains(one));
        one.map(str::to_owned)
    }

    fn templates(&self) -> Result<Vec<ExportTemplate>> {
        let folder = self.folder.join(FOLDER);
        let mut own = Vec::new();
        if folder.is_dir() {
            for entry in fs::read_dir(&folder).map_err(|error| Trouble::reading(&folder, &error))? {
                let path = entry.map_err(|error| Trouble::reading(&folder, &error))?.path();
                let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                // Excel's lock files begin with a tilde.
                if path.extension().is_some_and(|extension| extension == "xlsx") && !name.starts_with('~') {
                    own.push(ExportTemplate::new(name, Some(&path)));
                }
            }
        }
        own.sort_by(|a, b| a.name.cmp(&b.name));
        let shipped = SHIPPED.iter().filter(|(name, _)| own.iter().all(|own| own.name != *name));
        let shipped: Vec<_> = shipped.map(|(name, _)| ExportTemplate::new((*name).to_owned(), None)).collect();
        own.extend(shipped);
        Ok(own)
    }

    /// Writes the program's own templates into `folder`, for the district to edit; files that are there stay.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_export_templates(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        fs::create_dir_all(folder).map_err(|error| Trouble::writing(folder, &error))?;
        let mut written = Vec::new();
        for (name, bytes) in SHIPPED {
            let path = folder.join(format!("{name}.xlsx"));
            if !path.exists() {
                crate::files::write_whole(&path, bytes).map_err(|error| Trouble::writing(&path, &error))?;
                written.push(path);
            }
        }
        Ok(written)
    }

    /// Takes the template called `name` out to `path`, to be edited: the laptop's own, else the program's.
    ///
    /// # Errors
    /// A template that there is not; a file that cannot be written.
    pub fn take_export_template(&self, name: &str, path: &Path) -> Result<()> {
        let (_, bytes) = self.template_bytes(name)?;
        Ok(crate::files::write_whole(path, &bytes).map_err(|error| Trouble::writing(path, &error))?)
    }

    /// Keeps the template at `path` in the laptop's folder, under its file's name.
    ///
    /// # Errors
    /// When it is no workbook; when it cannot be read or written. What was kept under this name stays.
    pub fn keep_export_template(&self, path: &Path) -> Result<ExportTemplate> {
        let bytes = fs::read(path).map_err(|error| Trouble::reading(path, &error))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let about = self.about(&sheet::template::placeholders(&name, &bytes)?);
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = self.folder.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|error| Trouble::writing(&folder, &error))?;
        let kept = folder.join(format!("{name}.xlsx"));
        crate::files::write_whole(&kept, &bytes).map_err(|error| Trouble::writing(&kept, &error))?;
        Ok(ExportTemplate { about, ..ExportTemplate::new(name, Some(&kept)) })
    }

    /// Lets the laptop's own template go; where the program has one of this name, it counts again.
    ///
    /// # Errors
    /// A template that is not the laptop's own; a file that cannot be removed.
    pub fn drop_export_template(&self, name: &str) -> Result<()> {
        let own = self.templates()?.into_iter().find(|template| template.name == name).and_then(|one| one.path);
        let path = PathBuf::from(own.ok_or_else(|| Trouble::UnknownExportTemplate { name: name.to_owned() })?);
        Ok(fs::remove_file(&path).map_err(|error| Trouble::writing(&path, &error))?)
    }

    /// The template called `asked`, or the file at that path: its name and content.
    pub(crate) fn template_bytes(&self, asked: &str) -> Result<(String, Vec<u8>)> {
        let known = self.templates()?.into_iter().find(|template| template.name == asked);
        let path = match known {
            Some(ExportTemplate { path: Some(path), .. }) => PathBuf::from(path),
            Some(_) => {
                let found = SHIPPED.iter().find(|(name, _)| *name == asked);
                return Ok((asked.to_owned(), found.map(|(_, bytes)| bytes.to_vec()).unwrap_or_default()));
            }
            None if asked.ends_with(".xlsx") => PathBuf::from(asked),
            None => return Err(Trouble::UnknownExportTemplate { name: asked.to_owned() }.into()),
        };
        let bytes = fs::read(&path).map_err(|error| Trouble::reading(&path, &error))?;
        Ok((path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(), bytes))
    }
}
