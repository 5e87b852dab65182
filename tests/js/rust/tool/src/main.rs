// main.rs -- writes the JavaScript around a module that wasm-bindgen's macros prepared, for Node or for a page:
//
//     tool node|web MODULE FOLDER
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, kind, module, folder] = &arguments[..] else { anyhow::bail!("tool node|web MODULE FOLDER") };
    let mut bindgen = Bindgen::new();
    if kind == "node" {
        bindgen.nodejs(true)?;
    } else {
        bindgen.web(true)?;
    }
    bindgen.input_path(module).typescript(false).generate(folder)
}
