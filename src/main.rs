//! The program: see `beian::cli`.
/// Loading policies makes very many small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use beian::filing::{InputForm, read_filing};
use beian::policy::{Files, Policies, Wanted};
use beian::source::SourceFile;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = args.iter().position(|a| a == "--policies").and_then(|i| args.get(i + 1));
    let files = match dir {
        Some(dir) => Files::folder(dir).unwrap(),
        None => Files::Embedded,
    };
    let renderer = annotate_snippets::Renderer::plain();
    let t = std::time::Instant::now();
    let policies = match Policies::load(&files) {
        Ok(p) => p,
        Err(d) => {
            println!("{}\n{} errors", d.render(&renderer), d.error_count());
            std::process::exit(2)
        }
    };
    eprintln!("world {:?}", t.elapsed());
    if args.first().map(String::as_str) == Some("lint") {
        let d = beian::maintain::lint(&policies, None);
        println!("{}\n{} errors {} all", d.render(&renderer), d.error_count(), d.len());
        std::process::exit(i32::from(d.has_errors()));
    }
    if args.first().map(String::as_str) == Some("test") {
        let only = args.iter().position(|a| a == "--layer").and_then(|i| args.get(i + 1));
        let mut out = beian::source::Diagnostics::new();
        let bases = beian::maintain::Bases::read(&policies.world, &mut out);
        for folder in policies.folders() {
            if only.is_some_and(|only| policies.folder_of(only) != Some(folder)) {
                continue;
            }
            match beian::maintain::test::run(&policies, &bases, folder, None) {
                Ok(r) => {
                    out.extend(r.problems.clone());
                    let g = beian::maintain::diagnose(&r);
                    println!(
                        "{folder}: {} of {} cases passed, {} rules without both outcomes",
                        r.passed(),
                        r.cases.len(),
                        g.len()
                    );
                    out.extend(g);
                }
                Err(d) => out.extend(d),
            }
        }
        println!("{}\n{} errors {:?}", out.render(&renderer), out.error_count(), t.elapsed());
        std::process::exit(i32::from(out.has_errors()));
    }
    let path = &args[1];
    let file = SourceFile::new(path.as_str(), std::fs::read_to_string(path).unwrap());
    let form = InputForm::of_name(path).unwrap();
    let mut doc = match read_filing(&policies.world.schema, &file, form) {
        Ok(d) => d,
        Err(d) => {
            println!("{}", d.render(&renderer));
            std::process::exit(2)
        }
    };
    policies.complete(&mut doc);
    let wanted = Wanted { province: Some("44".into()), provider: Some("tencent-cloud".into()) };
    let bundle = match policies.bundle(&wanted, 739944) {
        Ok(b) => b,
        Err(d) => {
            println!("{}", d.render(&renderer));
            std::process::exit(2)
        }
    };
    eprintln!("loaded {:?}", t.elapsed());
    let a = beian::engine::assess(&bundle, &doc);
    let options = beian::report::Options { source: Some((file, form)), ..Default::default() };
    let r = beian::report::build(&bundle, &doc, &a, &options);
    println!("{}", serde_json::to_string_pretty(&r).unwrap());
    eprintln!("done {:?}", t.elapsed());
}
