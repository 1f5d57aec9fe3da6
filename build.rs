//! The page is built in: when `npm run build` made another one, the program is built anew.

use std::path::Path;

fn main() {
    let page = Path::new("web-map/dist");
    // A folder that is missing would be built anew each time. Where none can be made, that is what happens.
    let _ = std::fs::create_dir_all(page);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", page.display());
}
