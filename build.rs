//! The policies are built into the program: a changed or a new file there makes a new build.
fn main() {
    println!("cargo:rerun-if-changed=policies");
    println!("cargo:rerun-if-changed=build.rs");
}
