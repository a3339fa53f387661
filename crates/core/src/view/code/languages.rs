//! What the lexer knows of each language: its words, comments and strings, and what is peculiar to it; one line of the table
//! each. A language that is not in it is not coloured.

use crate::patch;

/// A language.
#[derive(Debug, PartialEq, Eq)]
pub struct Language {
    /// Its names: as files' languages and as the info string of fenced code have it.
    names: &'static [&'static str],
    /// Its keywords, with blanks between.
    pub(super) keywords: &'static str,
    /// Words that stand for a value.
    pub(super) constants: &'static str,
    /// What begins a comment that ends with its line.
    pub(super) line_comments: &'static [&'static str],
    /// What begins a comment and what ends it.
    pub(super) block_comment: Option<(&'static str, &'static str)>,
    /// Its strings; of those that begin alike the longer first. At most [`QUOTES`].
    pub(super) quotes: &'static [Quote],
    /// Letters that may stand before a string and belong to it.
    pub(super) prefixes: &'static str,
    /// What is peculiar to it.
    pub(super) has: &'static [Has],
}

/// A kind of string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    /// What begins it.
    pub open: &'static str,
    /// What ends it.
    pub close: &'static str,
    /// Whether `\` takes the next letter its meaning.
    pub has_escapes: bool,
    /// Whether it may go on in the next line.
    pub has_lines: bool,
}

/// The most kinds of strings that a language has.
pub(super) const QUOTES: usize = 5;

/// What is peculiar to some languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Has {
    /// `'a` may be a lifetime, and comments nest.
    Lifetimes,
    /// `r#"…"#` or `R"x(…)x"`.
    RawStrings,
    /// `` `a ${b} c` ``.
    Templates,
    /// `/a"b/`.
    Regexes,
    /// `#include` at the beginning of a line; `1'000`.
    Preprocessor,
    /// A shell's quoting: here-documents, `\'` outside of strings, keywords only where commands stand, no numbers.
    Shell,
    /// Words in either case.
    AnyCase,
    /// Strings and comments only where a value may begin; no numbers.
    Yaml,
    /// Tags in a text.
    Tags,
    /// `#` in a comment's place only behind a blank.
    SpacedComments,
}

impl Language {
    /// By the name that fenced code bears, or that a file's language has.
    pub fn by_name(name: &str) -> Option<&'static Language> {
        let name = name.to_ascii_lowercase();
        LANGUAGES
            .iter()
            .find(|language| language.names.contains(&&*name))
    }

    /// By a file's path.
    pub fn by_path(path: &str) -> Option<&'static Language> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map(|(_, extension)| extension);
        let by_extension = || match extension? {
            data @ ("json" | "jsonl" | "yaml" | "yml" | "toml" | "xml" | "svg") => {
                Self::by_name(data)
            }
            _ => None,
        };
        let of_code = patch::language(path).and_then(Self::by_name);
        of_code.or_else(by_extension)
    }

    pub(super) fn has(&self, what: Has) -> bool {
        self.has.contains(&what)
    }
}

const fn quote(open: &'static str, close: &'static str, has_lines: bool) -> Quote {
    Quote {
        open,
        close,
        has_escapes: true,
        has_lines,
    }
}

const fn raw(open: &'static str, close: &'static str, has_lines: bool) -> Quote {
    Quote {
        has_escapes: false,
        ..quote(open, close, has_lines)
    }
}

const DOUBLE: Quote = quote("\"", "\"", false);
const SINGLE: Quote = quote("'", "'", false);
const DOUBLE_LINES: Quote = quote("\"", "\"", true);
const THREE_DOUBLE: Quote = quote("\"\"\"", "\"\"\"", true);
const THREE_SINGLE: Quote = quote("'''", "'''", true);
const SLASHES: &[&str] = &["//"];
const HASH: &[&str] = &["#"];
const STARS: Option<(&str, &str)> = Some(("/*", "*/"));
const TRUE_FALSE_NULL: &str = "true false null";

/// A language like C.
const C_LIKE: Language = Language {
    names: &[],
    keywords: "",
    constants: TRUE_FALSE_NULL,
    line_comments: SLASHES,
    block_comment: STARS,
    quotes: &[DOUBLE, SINGLE],
    prefixes: "",
    has: &[],
};

/// A language whose comments begin with `#`.
const HASHED: Language = Language {
    line_comments: HASH,
    block_comment: None,
    ..C_LIKE
};

static LANGUAGES: [Language; 22] = [
    Language {
        names: &["python", "py", "python3", "cython", "starlark", "ipython"],
        keywords: "and as assert async await break class continue def del elif else except finally for from global if \
                   import in is lambda nonlocal not or pass raise return try while with yield",
        constants: "True False None",
        quotes: &[THREE_DOUBLE, THREE_SINGLE, DOUBLE, SINGLE],
        prefixes: "r R b B f F u U rb Rb rB RB br bR Br BR fr Fr fR FR rf rF Rf RF t",
        ..HASHED
    },
    Language {
        names: &["rust", "rs"],
        keywords: "as async await break const continue crate dyn else enum extern fn for if impl in let loop match mod \
                   move mut pub ref return static struct super trait type unsafe use where while macro_rules",
        constants: "true false",
        quotes: &[DOUBLE_LINES],
        prefixes: "b c",
        has: &[Has::Lifetimes, Has::RawStrings],
        ..C_LIKE
    },
    Language {
        names: &[
            "javascript",
            "js",
            "jsx",
            "mjs",
            "typescript",
            "ts",
            "tsx",
            "node",
        ],
        keywords: "as async await break case catch class const continue debugger default delete do else enum export \
                   extends finally for from function if implements import in instanceof interface let namespace new \
                   private protected public readonly return static super switch throw try typeof var void \
                   while yield abstract satisfies keyof",
        constants: "true false null undefined NaN Infinity",
        has: &[Has::Templates, Has::Regexes],
        ..C_LIKE
    },
    Language {
        names: &["go", "golang"],
        keywords: "break case chan const continue default defer else fallthrough for func go goto if import interface map \
                   package range return select struct switch type var",
        constants: "true false nil iota",
        quotes: &[DOUBLE, SINGLE, raw("`", "`", true)],
        ..C_LIKE
    },
    Language {
        names: &[
            "c",
            "h",
            "cpp",
            "c++",
            "cc",
            "cxx",
            "hpp",
            "cuda",
            "objective-c",
        ],
        keywords: "alignas alignof asm auto bool break case catch char class co_await co_return co_yield concept const \
                   consteval constexpr continue decltype default delete do double else enum explicit extern final float \
                   for friend goto if inline int long mutable namespace new noexcept operator override private protected \
                   public register requires restrict return short signed sizeof static static_assert struct switch \
                   template this throw try typedef typeid typename union unsigned using virtual void volatile while",
        constants: "true false nullptr NULL",
        prefixes: "L u U u8",
        has: &[Has::Preprocessor, Has::RawStrings],
        ..C_LIKE
    },
    Language {
        names: &["java", "groovy", "gradle"],
        keywords: "abstract assert boolean break byte case catch char class const continue def default do double else enum \
                   extends final finally float for if implements import in instanceof int interface long native new \
                   package permits private protected public record return sealed short static strictfp super switch \
                   synchronized throw throws transient try var void volatile while yield",
        constants: TRUE_FALSE_NULL,
        quotes: &[THREE_DOUBLE, DOUBLE, SINGLE],
        ..C_LIKE
    },
    Language {
        names: &["csharp", "c#", "cs"],
        keywords: "abstract as async await base bool break byte case catch char checked class const continue decimal \
                   default delegate do double else enum event explicit extern finally fixed float for foreach get goto if \
                   implicit in init int interface internal is lock long namespace new object operator out override params \
                   private protected public readonly record ref return sealed set short sizeof static string struct switch \
                   throw try typeof uint ulong using var virtual void volatile when where while yield",
        constants: TRUE_FALSE_NULL,
        quotes: &[
            raw("\"\"\"", "\"\"\"", true),
            raw("@\"", "\"", true),
            DOUBLE,
            SINGLE,
        ],
        has: &[Has::Preprocessor],
        ..C_LIKE
    },
    Language {
        names: &["kotlin", "kt", "kts"],
        keywords: "abstract as break by catch class companion const constructor continue crossinline data do else enum \
                   final finally for fun if import in infix init inline inner interface internal is lateinit object open \
                   operator out override package private protected public reified return sealed suspend throw try \
                   typealias val var vararg when where while",
        constants: TRUE_FALSE_NULL,
        quotes: &[raw("\"\"\"", "\"\"\"", true), DOUBLE, SINGLE],
        ..C_LIKE
    },
    Language {
        names: &["swift"],
        keywords: "actor as associatedtype async await break case catch class continue default defer deinit do else enum \
                   extension fallthrough fileprivate for func guard if import in init inout internal is let mutating open \
                   override private protocol public repeat return some static struct subscript switch throw throws try \
                   typealias var where while",
        constants: "true false nil",
        quotes: &[THREE_DOUBLE, DOUBLE],
        ..C_LIKE
    },
    Language {
        names: &["scala"],
        keywords: "abstract case catch class def do else enum export extends extension final finally for given if implicit \
                   import lazy match new object override package private protected return sealed super then throw trait try \
                   type using val var while with yield",
        constants: TRUE_FALSE_NULL,
        quotes: &[raw("\"\"\"", "\"\"\"", true), DOUBLE],
        prefixes: "s f raw",
        ..C_LIKE
    },
    Language {
        names: &["dart"],
        keywords: "abstract as assert async await break case catch class const continue default deferred do dynamic else enum \
                   export extends extension factory final finally for get if implements import in interface is late library \
                   mixin new on operator part required rethrow return set static super switch sync throw try typedef var void \
                   while with yield",
        constants: TRUE_FALSE_NULL,
        quotes: &[THREE_DOUBLE, THREE_SINGLE, DOUBLE, SINGLE],
        prefixes: "r",
        ..C_LIKE
    },
    Language {
        names: &["php"],
        keywords: "abstract and array as break callable case catch class clone const continue declare default do echo else \
                   elseif empty endfor endforeach endif endwhile enum extends final finally fn for foreach function global if \
                   implements include include_once instanceof interface isset list match namespace new or print private \
                   protected public readonly require require_once return static switch throw trait try unset use var while \
                   xor yield",
        constants: "true false null TRUE FALSE NULL",
        line_comments: &["//", "# "],
        quotes: &[DOUBLE_LINES, quote("'", "'", true)],
        ..C_LIKE
    },
    Language {
        names: &["ruby", "rb"],
        keywords: "alias and begin break case class def do else elsif end ensure for if in module next not or redo rescue \
                   retry return super then undef unless until when while yield require require_relative attr_accessor \
                   attr_reader private protected public raise",
        constants: "true false nil",
        has: &[Has::SpacedComments],
        ..HASHED
    },
    Language {
        names: &["lua"],
        keywords: "and break do else elseif end for function goto if in local not or repeat return then until while",
        constants: "true false nil",
        line_comments: &["--"],
        block_comment: Some(("--[[", "]]")),
        quotes: &[raw("[[", "]]", true), DOUBLE, SINGLE],
        ..C_LIKE
    },
    Language {
        names: &["shell", "bash", "sh", "zsh", "fish"],
        keywords: "if then else elif fi for while until do done case esac function select time",
        constants: "",
        quotes: &[DOUBLE_LINES, raw("'", "'", true)],
        has: &[Has::Shell, Has::SpacedComments],
        ..HASHED
    },
    Language {
        names: &["dockerfile", "docker"],
        keywords: "FROM RUN CMD LABEL EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL HEALTHCHECK \
                   SHELL AS",
        constants: "",
        has: &[Has::SpacedComments],
        ..HASHED
    },
    Language {
        names: &["sql", "postgresql", "mysql", "sqlite"],
        keywords: "select from where and or not insert into values update set delete create alter drop table index view join \
                   left right inner outer full cross on as order by group having limit offset union all distinct case when \
                   then else end exists in is between like primary key foreign references constraint default unique check \
                   begin commit rollback transaction with returning if using trigger function procedure declare returns",
        constants: TRUE_FALSE_NULL,
        line_comments: &["--"],
        quotes: &[raw("'", "'", true), raw("\"", "\"", false)],
        has: &[Has::AnyCase],
        ..C_LIKE
    },
    Language {
        names: &["json", "jsonc", "json5", "jsonl"],
        quotes: &[DOUBLE],
        ..C_LIKE
    },
    Language {
        names: &["yaml", "yml"],
        quotes: &[DOUBLE_LINES, raw("'", "'", true)],
        has: &[Has::Yaml, Has::SpacedComments],
        ..HASHED
    },
    Language {
        names: &["toml"],
        constants: "true false",
        quotes: &[
            THREE_DOUBLE,
            raw("'''", "'''", true),
            DOUBLE,
            raw("'", "'", false),
        ],
        ..HASHED
    },
    Language {
        names: &["css", "scss", "less"],
        constants: "",
        line_comments: &[],
        ..C_LIKE
    },
    Language {
        names: &["html", "xml", "svg", "vue", "svelte"],
        constants: "",
        line_comments: &[],
        block_comment: Some(("<!--", "-->")),
        quotes: &[raw("\"", "\"", true), raw("'", "'", true)],
        has: &[Has::Tags],
        ..C_LIKE
    },
];
