//! Table `device_scope`: the scopes that a laptop was granted after its enrolment.

use domain::{DeviceId, Scope};

use super::{Tx, params, scope_in};
use crate::error::Result;

/// What was said of this laptop; nothing where its enrolment stands.
pub(crate) fn read(tx: &Tx<'_>, device: DeviceId) -> Result<Vec<Scope>> {
    let sql = "SELECT scope FROM device_scope WHERE device = ?1 ORDER BY scope";
    tx.all(sql, params![device], |row| scope_in(row, 0))
}

/// Says that the laptop holds exactly these from now on.
pub(crate) fn write(tx: &Tx<'_>, device: DeviceId, scopes: &[Scope]) -> Result<()> {
    tx.execute("DELETE FROM device_scope WHERE device = ?1", params![device])?;
    for scope in scopes {
        tx.execute("INSERT INTO device_scope (device, scope) VALUES (?1, ?2)", params![device, scope])?;
    }
    Ok(())
}
