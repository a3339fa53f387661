//! Programming languages as their makers write them, whatever a dataset's spelling: `cpp` is C++.
//! Only what a person reads is written so; the address, filters and files keep the row's own word.

use std::borrow::Cow;

/// Spellings in small letters, and what is written for them.
const LANGUAGES: [(&str, &str); 44] = [
    ("bash", "Bash"),
    ("c", "C"),
    ("c#", "C#"),
    ("c++", "C++"),
    ("clojure", "Clojure"),
    ("cpp", "C++"),
    ("csharp", "C#"),
    ("css", "CSS"),
    ("cuda", "CUDA"),
    ("dart", "Dart"),
    ("elixir", "Elixir"),
    ("erlang", "Erlang"),
    ("f#", "F#"),
    ("fortran", "Fortran"),
    ("fsharp", "F#"),
    ("go", "Go"),
    ("golang", "Go"),
    ("groovy", "Groovy"),
    ("haskell", "Haskell"),
    ("html", "HTML"),
    ("java", "Java"),
    ("javascript", "JavaScript"),
    ("js", "JavaScript"),
    ("julia", "Julia"),
    ("kotlin", "Kotlin"),
    ("lua", "Lua"),
    ("matlab", "MATLAB"),
    ("objective-c", "Objective-C"),
    ("ocaml", "OCaml"),
    ("perl", "Perl"),
    ("php", "PHP"),
    ("powershell", "PowerShell"),
    ("py", "Python"),
    ("python", "Python"),
    ("r", "R"),
    ("ruby", "Ruby"),
    ("rust", "Rust"),
    ("scala", "Scala"),
    ("shell", "Shell"),
    ("sql", "SQL"),
    ("swift", "Swift"),
    ("ts", "TypeScript"),
    ("typescript", "TypeScript"),
    ("zig", "Zig"),
];

/// A language as it is written; a word that is not known stays as it is.
pub fn language(name: &str) -> Cow<'_, str> {
    let mut known = LANGUAGES.into_iter();
    match known.find(|(spelling, _)| spelling.eq_ignore_ascii_case(name)) {
        Some((_, written)) => Cow::Borrowed(written),
        None => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn languages_are_written_as_their_makers_do_and_others_are_left_alone() {
        for (spelling, written) in [
            ("python", "Python"),
            ("Python", "Python"),
            ("PYTHON", "Python"),
            ("cpp", "C++"),
            ("typescript", "TypeScript"),
            ("Jupyter Notebook", "Jupyter Notebook"),
            ("none", "none"),
            ("", ""),
        ] {
            assert_eq!(language(spelling), written);
        }
    }
}
