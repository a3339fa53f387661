use tracesift_core::sign::{Compare, Sign};

/// The README's table of signs, as the code's table has it.
fn table() -> String {
    let row = |sign: Sign| {
        let from = match sign.compare() {
            Compare::AtLeast => format!("{} ({})", sign.default_threshold(), sign.unit()),
            Compare::MoreThan => {
                format!("more than {} ({})", sign.default_threshold(), sign.unit())
            }
            Compare::Yes => sign.unit().to_owned(),
        };
        format!(
            "| `{}` | {from} | {} | {} |\n",
            sign.name(),
            sign.definition(),
            sign.source()
        )
    };
    Sign::ALL.map(row).concat()
}

#[test]
fn the_readme_has_every_sign_as_the_code_has_it() {
    let readme = include_str!("../../../../../README.md");
    for row in table().lines() {
        assert!(
            readme.contains(row),
            "the README's table of signs lacks this line:\n{row}\nall of them:\n{}",
            table()
        );
    }
}
