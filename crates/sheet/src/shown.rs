//! Values as a person reads them in a table, and as a cell of a template takes them.

use domain::Value;
use domain::catalog::{Field, FieldType};

use crate::template::Filling;
use crate::{text, unit};

/// The language of headings and choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 中文.
    Zh,
    /// English.
    En,
}

pub(crate) fn pick<'t>(language: Language, zh: &'t str, en: &'t str) -> &'t str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}

/// `value` of `field` in words; `names` gives the title of a referred record by its id.
pub(crate) fn shown(
    field: &Field,
    value: &Value,
    language: Language,
    names: &dyn Fn(&str) -> Option<String>,
) -> String {
    use FieldType as T;
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let list = |show: &dyn Fn(&Value) -> String| {
        value.as_array().map_or_else(|| show(value), |items| items.iter().map(show).collect::<Vec<_>>().join("、"))
    };
    match field.field_type {
        T::Choice | T::Choices => list(&|item| {
            let name = plain(item);
            field.choice(&name).map(|label| pick(language, &label.zh, &label.en).to_owned()).unwrap_or(name)
        }),
        T::Reference | T::References => list(&|item| {
            let id = plain(item);
            names(&id).unwrap_or(id)
        }),
        T::YesNo => match value.as_bool() {
            Some(true) => pick(language, "是", "yes").to_owned(),
            Some(false) => pick(language, "否", "no").to_owned(),
            None => plain(value),
        },
        T::Rate => rate(value).unwrap_or_else(|| plain(value)),
        T::Place => place(value).unwrap_or_else(|| plain(value)),
        T::Attachments => list(&|item| plain(item.get("name").unwrap_or(item))),
        T::Remarks => list(&|item| plain(item.get("text").unwrap_or(item))),
        T::Text | T::Integer | T::Decimal | T::Money | T::Date | T::Month => plain(value),
    }
}

/// `value` of `field` as a template's cell takes it, in the unit or form that its placeholder names.
///
/// # Errors
/// A sentence, where the field has no such unit or form.
pub fn filling(
    field: &Field,
    value: &Value,
    form: Option<&str>,
    names: &dyn Fn(&str) -> Option<String>,
) -> Result<Filling, String> {
    use FieldType as T;
    let strange = || format!("{} has no unit or form `{}`", field.label.zh, form.unwrap_or_default());
    let number = |number: Option<f64>| number.map_or(Filling::Empty, |number| Filling::Number(text::number(number)));
    let unit = match (field.field_type, form) {
        (T::Money, form) => Some(unit::money(form.unwrap_or("元")).ok_or_else(strange)?),
        (T::Integer | T::Decimal, Some(form)) => {
            let kept = field.unit.as_deref().and_then(unit::measure);
            let asked = unit::measure(form).filter(|asked| kept.is_some_and(|kept| kept.0 == asked.0));
            Some(i64::from(asked.ok_or_else(strange)?.1))
        }
        _ => None,
    };
    if value.is_null() {
        return Ok(Filling::Empty);
    }
    Ok(match (field.field_type, form) {
        (T::Money, _) => match (value.as_i64(), unit) {
            (Some(fen), Some(unit)) => Filling::Number(scaled(fen, unit)),
            _ => Filling::Empty,
        },
        (T::Integer | T::Decimal, None) => {
            let digits = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if digits.len() <= 15 { Filling::Number(digits) } else { Filling::Text(digits) }
        }
        (T::Integer | T::Decimal, Some(_)) => {
            let amount = value.as_str().map_or_else(|| value.as_f64(), |digits| digits.parse().ok());
            #[allow(clippy::cast_precision_loss, reason = "a unit is a small number")]
            number(amount.zip(unit).map(|(amount, unit)| amount / unit as f64))
        }
        (T::Date, None) => Filling::Date(value.as_str().unwrap_or_default().to_owned()),
        (T::Rate, Some(form)) => rate_part(value, form).ok_or_else(strange)?,
        (T::Place, Some("经度" | "lon")) => number(value.get("lon").and_then(Value::as_f64)),
        (T::Place, Some("纬度" | "lat")) => number(value.get("lat").and_then(Value::as_f64)),
        (T::YesNo, Some("√")) => {
            if value.as_bool() == Some(true) {
                Filling::Text("√".to_owned())
            } else {
                Filling::Empty
            }
        }
        (T::Attachments, Some("个" | "count")) => Filling::Number(value.as_array().map_or(0, Vec::len).to_string()),
        (_, Some(_)) => return Err(strange()),
        (_, None) => Filling::Text(shown(field, value, Language::Zh, names)),
    })
}

/// An amount in 分 as exact digits of a unit.
fn scaled(fen: i64, unit: i64) -> String {
    let places = usize::try_from(unit.unsigned_abs().ilog10()).unwrap_or(0);
    let digits = format!("{:0>width$}", fen.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let part = part.trim_end_matches('0');
    let sign = if fen < 0 { "-" } else { "" };
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

fn rate_part(value: &Value, form: &str) -> Option<Filling> {
    let (numerator, denominator) = (value.get("numerator")?.as_i64()?, value.get("denominator")?.as_i64()?);
    Some(match form {
        "%" => Filling::Number(percent(numerator, denominator)),
        "分子" => Filling::Number(numerator.to_string()),
        "分母" => Filling::Number(denominator.to_string()),
        "截至" => Filling::Date(value.get("asOf")?.as_str()?.to_owned()),
        "口径" => Filling::Text(value.get("basis")?.as_str().unwrap_or_default().to_owned()),
        _ => return None,
    })
}

/// With two places, cut off and never rounded up to a goal.
fn percent(numerator: i64, denominator: i64) -> String {
    let hundredths = i128::from(numerator) * 10_000 / i128::from(denominator).max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// `12/50（24.00%，2024-12-31，户籍）`.
fn rate(value: &Value) -> Option<String> {
    let (numerator, denominator) = (value.get("numerator")?.as_i64()?, value.get("denominator")?.as_i64()?);
    let as_of = value.get("asOf")?.as_str()?;
    let basis = value.get("basis").and_then(Value::as_str).filter(|basis| !basis.is_empty());
    let basis = basis.map(|basis| format!("，{basis}")).unwrap_or_default();
    Some(format!("{numerator}/{denominator}（{}%，{as_of}{basis}）", percent(numerator, denominator)))
}

/// `120.123456, 33.376543（wgs84，±5 m）`.
fn place(value: &Value) -> Option<String> {
    let (lon, lat) = (value.get("lon")?.as_f64()?, value.get("lat")?.as_f64()?);
    let system = value.get("system")?.as_str()?;
    let accuracy =
        value.get("accuracy").and_then(Value::as_f64).map(|metres| format!("，±{metres} m")).unwrap_or_default();
    Some(format!("{lon}, {lat}（{system}{accuracy}）"))
}

#[cfg(test)]
mod tests {
    use super::scaled;

    #[test]
    fn amounts_keep_every_digit_in_any_unit() {
        assert_eq!(scaled(12_500_050, 1_000_000), "12.50005", "万元");
        assert_eq!(scaled(-50, 100), "-0.5", "元");
        assert_eq!(scaled(0, 1_000_000), "0");
        assert_eq!(scaled(100_000_000, 1_000_000), "100");
    }
}
