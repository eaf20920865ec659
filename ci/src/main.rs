//! The command line `countersign`.

use analyzers::policy::{PolicySet, Selection, example, read_directory};
use analyzers::review::{Request, scan};
use analyzers::sources::{Side, SourceError, Sources};

struct Disk;
impl Sources for Disk {
    fn read(&self, _side: Side, path: &str) -> Result<Vec<u8>, SourceError> {
        std::fs::read(path).map_err(|e| SourceError::Unreadable(e.to_string()))
    }
    fn list(&self, _side: Side) -> Result<Vec<String>, SourceError> {
        Ok(Vec::new())
    }
}

fn walk(path: &std::path::Path, out: &mut Vec<String>) {
    if path.is_dir() {
        for e in std::fs::read_dir(path).unwrap() {
            walk(&e.unwrap().path(), out);
        }
    } else if path.is_file() {
        out.push(path.display().to_string());
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args[0] == "test" {
        let folder = std::path::PathBuf::from(&args[1]);
        let files = read_directory(&folder).unwrap();
        let set = PolicySet::from_files(files.iter()).unwrap_or_else(|e| {
            for e in e {
                eprintln!("{e}");
            }
            std::process::exit(2)
        });
        for e in set.compile_all() {
            println!("{e}");
        }
        for o in example::run(&set, files.iter()) {
            println!("{:?} {}:{} {}", o.result, o.file, o.line, o.policy);
        }
        return;
    }
    let t = std::time::Instant::now();
    let set = PolicySet::read(Selection { builtin: true, folders: &[] }).unwrap_or_else(|e| {
        for e in e {
            eprintln!("{e}");
        }
        std::process::exit(2)
    });
    eprintln!("load {:?}", t.elapsed());
    let mut paths = Vec::new();
    for a in &args[1..] {
        walk(std::path::Path::new(a), &mut paths);
    }
    paths.sort();
    let review = scan(&paths, &Request::new(&set, &Disk));
    for f in &review.findings {
        println!(
            "{}:{}:{} {} {} {:?}",
            f.location.path,
            f.location.start.line,
            f.location.start.column,
            f.policy.id,
            f.message.en,
            f.location.declaration
        );
    }
    eprintln!("{:?} {:?} {} findings", review.state, review.coverage, review.findings.len());
}
