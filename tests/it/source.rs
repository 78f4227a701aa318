//! Reads the project's own source, for tests of its structure.

use std::path::{Path, PathBuf};

/// One source file, complete and with everything that is not code removed.
pub struct File {
    /// Relative to the project's root, with `/`.
    pub path: String,
    /// Unchanged.
    pub text: String,
    /// The same length and lines; comments, the insides of strings and `#[cfg(test)]` items are blank.
    pub code: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        let mut code = blank_comments_and_strings(text);
        blank_tests(&mut code);
        File { path: path.to_owned(), text: text.to_owned(), code: String::from_utf8(code).expect("blanks are ASCII") }
    }

    /// The line of a byte of `text` or `code`, from 1.
    pub fn line(&self, at: usize) -> usize {
        self.text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// The code without white space.
    pub fn squeezed(&self) -> String {
        self.code.split_whitespace().collect()
    }
}

/// Whether a file is the body of a module under `#[cfg(test)]`, which its parent declares.
fn is_test_only(path: &Path) -> bool {
    path.ends_with("tests.rs")
        || path.ends_with("src/media/made.rs")
        || path.parent().is_some_and(|folder| folder.ends_with("tests"))
}

pub fn files(folder: &str) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test_only(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    let files: Vec<File> = found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            File::new(&name, &std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    assert!(!files.is_empty(), "no source in {folder}");
    files
}

/// The end of a comment, a string or a character literal that starts at `at`; `None` when none does.
fn end_of_text(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    let word_before = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    let raw = |hashes_from: usize| {
        let hashes = rest[hashes_from..].iter().take_while(|byte| **byte == b'#').count();
        let quote = hashes_from + hashes;
        (rest.get(quote) == Some(&b'"')).then(|| {
            let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
            find(&rest[quote + 1..], &close).map_or(bytes.len(), |end| at + quote + 1 + end + close.len())
        })
    };
    match rest {
        [b'/', b'/', ..] => Some(at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())),
        [b'/', b'*', ..] => {
            let (mut depth, mut here) = (1, 2);
            while depth > 0 && here < rest.len() {
                match &rest[here..] {
                    [b'/', b'*', ..] => (depth, here) = (depth + 1, here + 2),
                    [b'*', b'/', ..] => (depth, here) = (depth - 1, here + 2),
                    _ => here += 1,
                }
            }
            Some(at + here)
        }
        [b'r', ..] if !word_before => raw(1),
        [b'b', b'r', ..] if !word_before => raw(2),
        [b'"', ..] => {
            let mut here = 1;
            while here < rest.len() && rest[here] != b'"' {
                here += if rest[here] == b'\\' { 2 } else { 1 };
            }
            Some(at + (here + 1).min(rest.len()))
        }
        // A character, not a lifetime.
        [b'\'', b'\\', _, ..] => Some(at + 3 + rest[3..].iter().position(|byte| *byte == b'\'')? + 1),
        [b'\'', ..] => {
            let character = std::str::from_utf8(&rest[1..rest.len().min(5)])
                .map_or_else(|error| std::str::from_utf8(&rest[1..1 + error.valid_up_to()]).ok(), Some)?;
            let end = 1 + character.chars().next()?.len_utf8();
            (rest.get(end) == Some(&b'\'')).then_some(at + end + 1)
        }
        _ => None,
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn blank_comments_and_strings(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        match end_of_text(bytes, at) {
            Some(end) => {
                for byte in &mut code[at..end] {
                    if *byte != b'\n' {
                        *byte = b' ';
                    }
                }
                at = end;
            }
            None => {
                if !bytes[at].is_ascii() {
                    code[at] = b'_';
                }
                at += 1;
            }
        }
    }
    code
}

/// Blanks each item under `#[cfg(test)]`: to the end of its braces, or to its semicolon.
fn blank_tests(code: &mut [u8]) {
    const MARK: &[u8] = b"#[cfg(test)]";
    while let Some(start) = find(code, MARK) {
        let (mut depth, mut end) = (0_usize, start + MARK.len());
        while end < code.len() {
            match code[end] {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            end += 1;
            if depth == 0 && matches!(code[end - 1], b'}' | b';') {
                break;
            }
        }
        for byte in &mut code[start..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
}

#[test]
fn only_code_is_left() {
    let file = File::new(
        "x.rs",
        "use a::b; // use c::d\n/* use e /* nested */ */ let s = \"use \\\" f\"; let r = r#\"use \" g\"#;\n\
         let c = '\"'; let n = '\\n'; fn h<'a>(x: &'a str) {}\n\
         #[cfg(test)]\nmod tests { fn i() { j() } }\n#[cfg(test)] mod later;\nlet 字 = k;\n",
    );
    let words: Vec<&str> = file.code.split_whitespace().collect();
    assert_eq!(
        words.join(" "),
        "use a::b; let s = ; let r = ; let c = ; let n = ; fn h<'a>(x: &'a str) {} let ___ = k;"
    );
    assert_eq!(file.code.len(), file.text.len());
    assert_eq!(file.line(file.code.find("___").unwrap()), 7);
}
