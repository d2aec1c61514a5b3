//! Where a phone finds this laptop, as an address and as a QR code.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use qrcode::render::{svg, unicode};
use qrcode::{EcLevel, QrCode};

/// The addresses under which `listen` is reached from the same network, the
/// likeliest first: Wi-Fi and hotspots give private ones.
pub(crate) fn reachable(listen: SocketAddr) -> Vec<Ipv4Addr> {
    if let IpAddr::V4(own) = listen.ip()
        && !own.is_unspecified()
    {
        return vec![own];
    }
    let mut own: Vec<(String, Ipv4Addr)> = if_addrs::get_if_addrs()
        .into_iter()
        .flatten()
        .filter_map(|face| match face.ip() {
            IpAddr::V4(ip) if !ip.is_loopback() && !ip.is_link_local() => Some((face.name, ip)),
            _ => None,
        })
        .collect();
    own.sort_by_key(|(face, ip)| (is_inward(face), !ip.is_private(), *ip));
    own.into_iter().map(|(_, ip)| ip).collect()
}

/// Networks inside the machine, which no phone is on.
fn is_inward(face: &str) -> bool {
    ["docker", "br-", "veth", "virbr", "vmnet", "vbox", "tun", "tap", "wg", "vEthernet"]
        .iter()
        .any(|start| face.starts_with(start))
}

fn code(text: &str) -> Option<QrCode> {
    QrCode::with_error_correction_level(text, EcLevel::M).ok()
}

/// The text as a QR code in SVG, black on white whatever the theme: cameras want it so.
#[must_use]
pub fn qr_svg(text: &str) -> String {
    let Some(code) = code(text) else { return String::new() };
    code.render::<svg::Color<'_>>().min_dimensions(240, 240).quiet_zone(true).build()
}

/// The text as a QR code of characters, for a terminal.
#[must_use]
pub fn qr_text(text: &str) -> String {
    code(text).map(|code| code.render::<unicode::Dense1x2>().quiet_zone(true).build()).unwrap_or_default()
}
