use std::collections::BTreeSet;

use proptest::prelude::*;
use tracesift_core::recipe::address::{parse, print};
use tracesift_core::recipe::preset::Preset;
use tracesift_core::recipe::{Bounds, ListKey, PatchPresence, RangeKey};

#[test]
fn a_preset_is_an_address_that_is_read_as_it_is_written() {
    let names: BTreeSet<&str> = Preset::ALL.iter().map(|preset| preset.name).collect();
    assert_eq!(names.len(), Preset::ALL.len());
    for preset in Preset::ALL {
        let (recipe, notices) = parse(preset.query);
        assert_eq!(notices, []);
        assert_eq!(parse(&print(&recipe)).0, recipe);
        assert!(preset.is_chosen(&recipe), "{}", preset.name);
        assert!(!preset.sentence.is_empty() && !preset.source.is_empty());
    }
}

#[test]
fn presets_say_what_their_sources_say() {
    let recipe = |name: &str| {
        let preset = Preset::ALL
            .into_iter()
            .find(|preset| preset.name == name)
            .unwrap();
        parse(preset.query).0
    };
    let smith = recipe("swe-smith");
    assert_eq!(
        (smith.reading.seed, smith.filters.per_instance),
        (24, Some(3))
    );
    assert_eq!(smith.filters.lists[&ListKey::Outcome].include, ["success"]);
    let tutorial = recipe("tutorial").filters;
    let most = |high| Bounds {
        low: None,
        high: Some(high),
    };
    assert_eq!(tutorial.ranges[&RangeKey::Tokens], most(32768.0));
    assert_eq!(tutorial.patch, Some(PatchPresence::Present));
    let paper = recipe("paper");
    assert!(paper.filters.lists.is_empty());
    assert_eq!(
        (paper.filters.ranges[&RangeKey::Tokens], paper.budget),
        (most(131_072.0), 131_072)
    );
}

#[test]
fn a_preset_replaces_the_rules_and_keeps_the_rest() {
    let (before, _) =
        parse("dataset=a/b&rows=9&seed=7&language=Go&turns=..9&balance=repo&format=openai&row=3");
    for preset in Preset::ALL {
        let after = preset.of(&before);
        assert!(preset.is_chosen(&after) && !preset.is_chosen(&before));
        assert_eq!(
            (
                after.reading.dataset.as_str(),
                after.reading.rows,
                after.row
            ),
            ("a/b", 9, Some(3))
        );
        assert_eq!(after.export, before.export);
        assert_eq!(after.filters, parse(preset.query).0.filters);
        assert_eq!(
            after.reading.seed,
            if preset.name == "swe-smith" { 24 } else { 7 }
        );
    }
}

proptest! {
    #[test]
    fn a_preset_twice_is_the_preset_once(rows in 1_u64..1000, seed in any::<u64>(), most in 1_u32..9) {
        let (recipe, _) = parse(&format!("rows={rows}&seed={seed}&per-instance={most}&tokenizer=glm4"));
        for preset in Preset::ALL {
            let once = preset.of(&recipe);
            prop_assert_eq!(preset.of(&once), once);
        }
    }
}
