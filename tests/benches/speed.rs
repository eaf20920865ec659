//! Speed: the product beside a bare tree-sitter parse of the same files, both as processes, in one run.
//!
//! `cargo bench -p tests [-- FOLDER]`. Without a folder it writes a tree of Java files first. Prints medians
//! of CPU seconds (user and system, children included) and their ratio; peak memory for a long diff.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};

/// Runs of each side; the median counts.
const RUNS: usize = 3;

/// Files of the tree that is written where no folder is named.
const FILES: usize = 4_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.split_first() {
        Some((mode, files)) if mode == "--bare" => bare_parse(&files[0]),
        Some((folder, _)) => measure(Path::new(folder)),
        None => {
            let folder = tempfile::tempdir().expect("a temporary folder");
            write_tree(folder.path());
            measure(folder.path());
        }
    }
}

fn measure(folder: &Path) {
    let product = tests::countersign();
    let mut files = Vec::new();
    gather(folder, &mut files);
    files.sort();
    assert!(!files.is_empty(), "{} holds no Java files", folder.display());
    println!("{} Java files, {:.1} MB", files.len(), megabytes(&files));

    let empty = tempfile::tempdir().expect("a temporary folder");
    let start = run(Command::new(&product).arg("scan").arg(empty.path()));
    println!("start-up with the pack       {:7.1} ms wall, {:.1} ms CPU", start.wall * 1e3, start.cpu * 1e3);

    let bare = run(&mut bare(&files));
    let one = run(Command::new(&product).args(["scan", "--quiet", "--jobs", "1"]).arg(folder));
    let all = run(Command::new(&product).args(["scan", "--quiet"]).arg(folder));
    println!("whole tree, bare parse       {:7.2} s CPU", bare.cpu);
    println!("whole tree, one job          {:7.2} s CPU  = {:.2} x bare", one.cpu, one.cpu / bare.cpu);
    println!("whole tree, every core       {:7.2} s CPU  = {:.2} x bare", all.cpu, all.cpu / bare.cpu);
    println!("scaling over one job         {:7.2} x in wall time", one.wall / all.wall);

    let (repository, changed) = change_of_thirty(&files);
    let bare_change = run(&mut self::bare(&changed));
    let review = run(Command::new(&product)
        .args(["review", "--quiet", "--base", "HEAD~1", "--head", "HEAD", "--repo"])
        .arg(repository.path()));
    println!("30-file change, bare parse   {:7.1} ms CPU", bare_change.cpu * 1e3);
    println!(
        "30-file change, review       {:7.1} ms CPU  = {:.2} x bare",
        review.cpu * 1e3,
        review.cpu / bare_change.cpu
    );

    let long = long_diff(&files);
    let mut child = Command::new(&product);
    child.args(["review", "--quiet", "--diff"]).arg(long.path());
    println!("100,000-line diff            {:7.0} MB peak memory", peak_megabytes(&mut child));
}

/// What one run cost.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    cpu: f64,
}

/// The median cost of several runs.
fn run(command: &mut Command) -> Cost {
    let mut costs: Vec<Cost> = (0..RUNS).map(|_| run_once(command)).collect();
    costs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    costs[RUNS / 2]
}

fn run_once(command: &mut Command) -> Cost {
    let before = children_cpu();
    let started = Instant::now();
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program starts");
    Cost { wall: started.elapsed().as_secs_f64(), cpu: children_cpu() - before }
}

fn children_cpu() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("usage of children");
    let seconds = |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

/// The largest resident size of a run, watched while it runs.
fn peak_megabytes(command: &mut Command) -> f64 {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0_f64;
    while child.try_wait().expect("the child is ours").is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
        let kilobytes = line.split_whitespace().nth(1).and_then(|word| word.parse::<f64>().ok());
        peak = peak.max(kilobytes.unwrap_or(0.0) / 1024.0);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    peak
}

fn bare(files: &[PathBuf]) -> Command {
    let list = std::env::temp_dir().join(format!("countersign-bench-{}-{}", std::process::id(), files.len()));
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    fs::write(&list, names.join("\n")).expect("a list in the temporary folder");
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.arg("--bare").arg(list);
    command
}

/// What any reviewer must do at least: read and parse every file, on one thread.
fn bare_parse(list: &str) {
    let mut parser = tree_sitter::Parser::new();
    let java = grammars::Language::Java.grammar().expect("Java has a grammar");
    parser.set_language(&java).expect("the grammar fits the core");
    let mut nodes = 0;
    for file in fs::read_to_string(list).expect("the list").lines() {
        let text = fs::read(file).expect("the file");
        let tree = parser.parse(&text, None).expect("a tree");
        nodes += tree.root_node().child_count();
    }
    println!("{nodes}");
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            gather(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "java") && path.is_file() {
            files.push(path);
        }
    }
}

fn megabytes(files: &[PathBuf]) -> f64 {
    files.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len() as f64).sum::<f64>() / 1e6
}

/// A repository whose last commit changes thirty files, and those files.
fn change_of_thirty(files: &[PathBuf]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let repository = tests::Repository::at(folder.path());
    let step = (files.len() / 30).max(1);
    let chosen: Vec<&PathBuf> = files.iter().step_by(step).take(30).collect();
    let mut changed = Vec::new();
    for (number, file) in chosen.iter().enumerate() {
        let text = fs::read_to_string(file).unwrap_or_default();
        repository.write(&format!("src/File{number}.java"), text.as_bytes());
        changed.push(folder.path().join(format!("src/File{number}.java")));
    }
    repository.commit("before");
    for file in &changed {
        let text = fs::read_to_string(file).expect("the file");
        let last = text.rfind('}').unwrap_or(text.len());
        let added = "\n    public int addedByTheChange(int count) {\n        return count + 1;\n    }\n";
        fs::write(file, format!("{}{added}{}", &text[..last], &text[last..])).expect("the file");
    }
    repository.commit("after");
    (folder, changed)
}

/// A diff that adds files of 100,000 lines in all.
fn long_diff(files: &[PathBuf]) -> tempfile::NamedTempFile {
    let mut diff = String::new();
    let (mut lines, mut number) = (0, 0);
    for file in files.iter().cycle() {
        let text = fs::read_to_string(file).unwrap_or_default();
        let count = text.lines().count();
        number += 1;
        let path = format!("src/Long{number}.java");
        let _ = write!(
            diff,
            "diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{count} @@\n"
        );
        text.lines().for_each(|line| {
            let _ = writeln!(diff, "+{line}");
        });
        lines += count;
        if lines >= 100_000 {
            break;
        }
    }
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    fs::write(file.path(), diff).expect("the temporary file");
    file
}

/// Writes Java files as a ledger service has them; sizes vary as in real trees.
fn write_tree(folder: &Path) {
    for number in 0..FILES {
        let package = folder.join(format!("bank/module{}", number % 40));
        fs::create_dir_all(&package).expect("a folder");
        fs::write(package.join(format!("Service{number}.java")), java(number)).expect("a file");
    }
}

fn java(number: usize) -> String {
    let mut text = format!(
        "package bank.module{};\n\nimport java.math.BigDecimal;\nimport java.util.*;\n\n",
        number % 40
    );
    let _ = writeln!(text, "/** Keeps accounts of kind {number}. */\npublic class Service{number} {{");
    text.push_str("    private static final Logger LOG = LoggerFactory.getLogger(Service.class);\n");
    text.push_str("    private final Map<String, BigDecimal> balances = new HashMap<>();\n");
    for method in 0..(1 + number * 7 % 8) {
        let _ = write!(
            text,
            "\n    /** Posts entry {method}. */\n    public BigDecimal post{method}(String account, BigDecimal amount, int days) {{\n        if (amount == null || amount.signum() <= 0) {{\n            throw new IllegalArgumentException(\"amount of \" + account);\n        }}\n        BigDecimal before = balances.getOrDefault(account, BigDecimal.ZERO);\n        for (int day = 0; day < days; day++) {{\n            before = before.add(amount.multiply(BigDecimal.valueOf(day, {method})));\n        }}\n        try {{\n            store(account, before);\n        }} catch (StoreException failure) {{\n            LOG.error(\"posting failed for {{}}\", account, failure);\n            throw new IllegalStateException(failure);\n        }}\n        return balances.put(account, before);\n    }}\n"
        );
    }
    text.push_str("}\n");
    text
}
