//! The catalogs of the simulation: one ledger with everything that can meet in a
//! record, as the district has it, as an old program has it, and as a newer one.

use domain::Catalog;

const ROLES: &str = r#"
[[role]]
name = "clerk"
label = { zh = "填报", en = "Clerk" }
writes = ["site", "gadget"]

[[role]]
name = "reader"
label = { zh = "只读", en = "Reader" }
writes = []

[[role]]
name = "admin"
label = { zh = "管理员", en = "Administrator" }
writes = ["*"]
"#;

const SITE_HEAD: &str = r#"
kind = "site"
label = { zh = "点位", en = "Site" }
title = "name"
key = "code"
scope = "laptop"
list = ["name"]
search = ["name"]
source = "simulation"

[[field]]
name = "code"
label = { zh = "代码", en = "Code" }
type = "text"

[[field]]
name = "name"
label = { zh = "名称", en = "Name" }
type = "text"
required = true

[[field]]
name = "a"
label = { zh = "甲", en = "A" }
type = "text"
group = "pair"

[[field]]
name = "b"
label = { zh = "乙", en = "B" }
type = "text"
group = "pair"
"#;

/// What an old program has never heard of.
const SITE_LATER: &str = r#"
[[field]]
name = "c"
label = { zh = "数", en = "Count" }
type = "integer"
min = 0
max = 1000

[[field]]
name = "marks"
label = { zh = "备注", en = "Remarks" }
type = "remarks"
"#;

const SITE_TAIL: &str = r#"
[[field]]
name = "photos"
label = { zh = "照片", en = "Photos" }
type = "attachments"

[[state]]
name = "draft"
label = { zh = "草稿", en = "Draft" }

[[state]]
name = "sent"
label = { zh = "上报", en = "Sent" }
from = ["draft", "back"]
by = ["clerk"]
locks = ["name"]
complete = true

[[state]]
name = "back"
label = { zh = "退回", en = "Back" }
from = ["sent"]
by = ["clerk"]
"#;

const GADGET: &str = r#"
kind = "gadget"
label = { zh = "新台账", en = "Gadget" }
title = "name"
scope = "laptop"
list = ["name"]
search = ["name"]
source = "simulation"

[[field]]
name = "name"
label = { zh = "名称", en = "Name" }
type = "text"
"#;

/// How old a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    /// It lacks fields that others write.
    Old,
    /// As the district.
    Same,
    /// It has a kind that nobody else knows.
    Newer,
}

impl Age {
    pub(crate) const ALL: [Self; 3] = [Self::Old, Self::Same, Self::Newer];

    /// The files of its catalog.
    pub(crate) fn files(self) -> Vec<(String, String)> {
        let site = match self {
            Self::Old => [SITE_HEAD, SITE_TAIL].concat(),
            Self::Same | Self::Newer => [SITE_HEAD, SITE_LATER, SITE_TAIL].concat(),
        };
        let mut files = vec![("roles.toml".to_owned(), ROLES.to_owned()), ("site.toml".to_owned(), site)];
        if self == Self::Newer {
            files.push(("gadget.toml".to_owned(), GADGET.to_owned()));
        }
        files
    }

    pub(crate) fn catalog(self) -> Catalog {
        Catalog::parse(&self.files()).expect("the catalogs of the simulation are right")
    }
}

/// Every field that holds one value, and the group in which it is written.
pub(crate) const FIELDS: [(&str, &str); 5] =
    [("code", "code"), ("name", "name"), ("a", "pair"), ("b", "pair"), ("c", "c")];

/// Every field that holds a set.
pub(crate) const SETS: [&str; 2] = ["marks", "photos"];
