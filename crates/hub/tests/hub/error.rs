//! Every error of the datasets server, and what is made of it.

use proptest::prelude::*;
use serde_json::{Value, json};
use tracesift_hub::error::{BROKE_DOWN, ErrorKind, HubError, TIMED_OUT, classify};

const ERRORS: &str = include_str!("../fixtures/hub/errors.json");

/// Status, code and expected kind: the server's whole list.
const CODES: &[(u16, &str, ErrorKind)] = {
    use ErrorKind::{Access, Page, Passing, Permanent, TooBig};
    &[
        (401, "ExternalUnauthenticatedError", Access),
        (404, "ExternalAuthenticatedError", Access),
        (401, "JWTExpiredSignature", Access),
        (401, "JWTInvalidSignature", Access),
        (404, "ResponseNotFound", Permanent),
        (404, "RenamedDatasetError", Permanent),
        (404, "ConfigNotFoundError", Permanent),
        (404, "SplitNotFoundError", Permanent),
        (404, "DatasetNotFoundError", Permanent),
        (400, "SearchFeatureNotAvailableError", Permanent),
        (422, "MissingRequiredParameter", Permanent),
        (422, "InvalidParameter", Permanent),
        (422, "SplitParquetSchemaMismatchError", Permanent),
        (500, "ResponseNotReady", Passing),
        (500, "ResponseNotReadyError", Passing),
        (500, "AuthCheckHubRequestError", Passing),
        (500, "DownloadIndexError", Passing),
        (500, "UnprocessableIndexError", Passing),
        (500, "TooBigContentError", TooBig),
        (501, "TooBigContentError", TooBig),
        (500, "TransformRowsProcessingError", Page),
        (500, "RowsPostProcessingError", Page),
        (500, "UnexpectedApiError", Page),
        (500, "UnexpectedError", Page),
        (500, "ConfigNamesError", Permanent),
        (500, "DatasetGenerationError", Permanent),
        (500, "DatasetGenerationCastError", Permanent),
        (500, "StreamingRowsError", Permanent),
        (500, "FeaturesError", Permanent),
        (500, "EmptyDatasetError", Permanent),
        (500, "DataFilesNotFoundError", Permanent),
        (500, "AnErrorOfTomorrow", Permanent),
        (500, "CreateCommitError", Passing),
        (500, "HfHubError", Passing),
        (500, "PreviousStepStillProcessingError", Passing),
        (500, "RetryableConfigNamesError", Passing),
        (500, "ExternalServerError", Passing),
        (501, "LockedDatasetTimeoutError", Passing),
        (501, "JobManagerCrashedError", Passing),
        (501, "DatasetWithTooManyConfigsError", Permanent),
        (501, "DatasetInBlockListError", Permanent),
        (501, "NotSupportedDisabledRepositoryError", Permanent),
        (501, "NotSupportedDisabledViewerError", Permanent),
        (501, "NotSupportedPrivateRepositoryError", Permanent),
        (501, "NotSupportedRepositoryNotFoundError", Permanent),
        (501, "NotSupportedTagNFAAError", Permanent),
        (501, "DatasetWithScriptNotSupportedError", Permanent),
        (501, "JobManagerExceededMaximumDurationError", Permanent),
    ]
};

/// A sentence for the page: it begins and ends as one, and names nothing that only engineers know.
fn assert_is_plain(error: &HubError) {
    for sentence in [&error.cause, &error.next_step] {
        assert!(sentence.starts_with(char::is_uppercase), "{sentence}");
        assert!(sentence.ends_with('.'), "{sentence}");
        for word in ["Error", "HTTP", "CORS", "500", "null", "JSON "] {
            assert!(!sentence.contains(word), "{sentence}");
        }
    }
    assert_eq!(
        error.to_string(),
        format!("{} {}", error.cause, error.next_step)
    );
}

#[test]
fn every_code_of_the_server_is_of_the_kind_that_it_should_be() {
    for (status, code, kind) in CODES {
        let error = classify(Some(*status), Some(code), r#"{"error":"words"}"#);
        assert_eq!(error.kind, *kind, "{code}");
        assert_eq!(error.status, Some(*status));
        assert_eq!(error.code.as_deref(), Some(*code));
        assert_eq!(error.said.as_deref(), Some("words"));
        assert_is_plain(&error);
        let again = error.retry(6).tries > 1;
        let expected = error.is_passing() || code.starts_with("Unexpected");
        assert_eq!(again, expected, "{code}");
    }
}

#[test]
fn without_a_code_the_status_decides() {
    use ErrorKind::{Access, Limited, Passing, Permanent};
    for (status, kind) in [
        (None, Limited),
        (Some(429), Limited),
        (Some(502), Passing),
        (Some(503), Passing),
        (Some(504), Passing),
        (Some(500), Passing),
        (Some(408), Passing),
        (Some(520), Passing),
        (Some(501), Permanent),
        (Some(401), Access),
        (Some(403), Access),
        (Some(404), Permanent),
        (Some(400), Permanent),
        (Some(422), Permanent),
        (Some(418), Permanent),
        (Some(302), Permanent),
        (Some(200), Permanent),
    ] {
        for body in [
            "",
            "<html><body>Bad gateway</body>",
            "Internal Server Error",
        ] {
            let error = classify(status, None, body);
            assert_eq!(error.kind, kind, "{status:?} {body}");
            assert_is_plain(&error);
        }
    }
    let limited = classify(Some(429), None, r#"{"error":"too many requests"}"#);
    assert_eq!(limited.said.as_deref(), Some("too many requests"));
}

#[test]
fn every_error_example_of_the_specification_is_understood() {
    use ErrorKind::{Access, Page, Passing, Permanent};
    let examples: Vec<Value> = serde_json::from_str(ERRORS).unwrap();
    assert!(examples.len() >= 25);
    for example in &examples {
        let name = example["name"].as_str().unwrap();
        let status = u16::try_from(example["status"].as_u64().unwrap()).unwrap();
        let body = &example["body"];
        let text = body
            .as_str()
            .map_or_else(|| body.to_string(), str::to_owned);
        let (code, kind) = match (status, name) {
            (401, _) => (Some("ExternalUnauthenticatedError"), Access),
            (404, "inexistent dataset, while authenticated") => {
                (Some("ExternalAuthenticatedError"), Access)
            }
            (404, "inexistent config") => (Some("ResponseNotFound"), Permanent),
            (422, _) => (Some("InvalidParameter"), Permanent),
            (500, "error in the dataset itself") => (Some("DatasetGenerationError"), Permanent),
            (500, "response not ready") => (Some("ResponseNotReady"), Passing),
            (500, "unexpected error") => (Some("UnexpectedApiError"), Page),
            (500, "internal server error") => (None, Passing),
            (501, "too many subsets in the dataset") => {
                (Some("DatasetWithTooManyConfigsError"), Permanent)
            }
            (501, "blocked dataset") => (Some("DatasetInBlockListError"), Permanent),
            other => panic!("an example that nobody has looked at: {other:?}"),
        };
        let error = classify(Some(status), code, &text);
        assert_eq!(error.kind, kind, "{name}");
        assert_is_plain(&error);
        let said = error.said.as_deref().unwrap();
        assert!(
            !said.is_empty() && said.chars().count() <= 301 && !said.contains('\n'),
            "{said}"
        );
        // Where the code is lost, nothing that passes may look final, and only faults that look like the server's pass.
        let without = classify(Some(status), None, &text).kind;
        if kind == Passing {
            assert_eq!(without, Passing, "{name}");
        } else if status != 500 {
            assert_eq!(without, kind, "{name}");
        }
    }
}

#[test]
fn rows_too_big_for_the_row_service_are_known_by_their_words_too() {
    let now = r#"{"error":"Parquet error: Scan size limit exceeded: attempted to read 2986322005 bytes, limit is 300000000 bytes\n\nMake sure that\n\n1. the Parquet files contain a page index"}"#;
    let before = r#"{"error":"Rows from parquet row groups are too big to be read: 322.03 MiB (max=286.10 MiB)"}"#;
    for body in [now, before] {
        let error = classify(Some(500), None, body);
        assert_eq!(error.kind, ErrorKind::TooBig);
        assert!(error.next_step.contains("Parquet route"));
        assert!(error.ends_the_run());
    }
}

#[test]
fn of_a_fault_in_the_dataset_the_reason_is_shown() {
    let body =
        r#"{"error":"Cannot load.","cause_exception":"X","cause_message":"column b is missing"}"#;
    let error = classify(Some(500), Some("DatasetGenerationError"), body);
    assert_eq!(error.said.as_deref(), Some("column b is missing"));
}

#[test]
fn waits_follow_what_the_server_does_meanwhile() {
    let waits = |status, code: Option<&str>| {
        let error = classify(status, code, "");
        let retry = error.retry(6);
        (1..=6)
            .map(|tries| retry.wait_ms(tries) / 1000.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(waits(Some(503), None), [1.0, 2.0, 4.0, 8.0, 16.0, 30.0]);
    assert_eq!(
        waits(Some(500), Some("ResponseNotReady")),
        [2.0, 5.0, 10.0, 20.0, 30.0, 30.0]
    );
    assert_eq!(waits(None, None)[..2], [2.0, 4.0]);
    let kept = waits(Some(500), Some("HfHubError"));
    assert!(kept.iter().all(|wait| *wait > 10.0), "{kept:?}");
    assert_eq!(
        classify(Some(500), Some("UnexpectedApiError"), "")
            .retry(6)
            .tries,
        3
    );
    assert_eq!(
        classify(Some(500), Some("TransformRowsProcessingError"), "")
            .retry(6)
            .tries,
        1
    );
}

#[test]
fn only_what_took_too_long_asks_for_fewer_rows() {
    assert!(classify(Some(504), None, "").asks_for_less());
    assert!(HubError::timed_out().asks_for_less());
    assert_eq!(HubError::timed_out().code.as_deref(), Some(TIMED_OUT));
    assert!(!classify(Some(503), None, "").asks_for_less());
    assert!(!HubError::cut_short().asks_for_less());
}

#[test]
fn an_error_travels_between_workers_unchanged() {
    let error = classify(Some(500), Some("ResponseNotReady"), "wait");
    let text = serde_json::to_string(&error).unwrap();
    assert_eq!(serde_json::from_str::<HubError>(&text).unwrap(), error);
}

#[test]
fn errors_that_are_found_here_are_plain_too() {
    for error in [
        HubError::cut_short(),
        HubError::timed_out(),
        HubError::unreadable("expected value at line 1"),
        HubError::unreadable_page("expected value at line 1"),
        HubError::no_rows(),
        HubError::broke_down("memory access out of bounds"),
        HubError::endless("Work on row 25 was stopped."),
        HubError::interrupted(),
    ] {
        assert_is_plain(&error);
        assert_eq!(error.status, None);
    }
    let broke_down = HubError::broke_down("memory\naccess");
    assert_eq!(broke_down.code.as_deref(), Some(BROKE_DOWN));
    assert_eq!(broke_down.said.as_deref(), Some("memory access"));
    assert_eq!(broke_down.kind, ErrorKind::Page);
}

proptest! {
    #[test]
    fn no_body_breaks_the_reading_of_an_error(
        status in proptest::option::of(any::<u16>()), code in proptest::option::of(any::<String>()), body in ".*",
    ) {
        let quoted = json!({"error": body}).to_string();
        for body in [&body, &quoted] {
            let error = classify(status, code.as_deref(), body);
            let said = error.said.unwrap_or_default();
            prop_assert!(said.chars().count() <= 301);
            let is_harmful = |c: char| c.is_control() || "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}".contains(c);
            prop_assert!(!said.contains(is_harmful));
        }
    }
}
