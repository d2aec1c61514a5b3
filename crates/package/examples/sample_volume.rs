//! Typesets a made-up volume, to look at its pages:
//! `cargo run -p nonghuan-package --example sample_volume -- volume.pdf WORKS [PICTURE.jpg …]`.

#[path = "../tests/sample/mod.rs"]
mod sample;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().unwrap_or_else(|| "volume.pdf".to_owned());
    let works = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(3);
    let pictures = arguments.map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
    let (volume, pictures) = sample::volume(works, &pictures);
    std::fs::write(out, package::volume::compose(&volume, pictures)?.pdf()?.bytes)?;
    Ok(())
}
