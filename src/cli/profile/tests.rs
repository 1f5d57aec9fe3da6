use super::*;

const TEXT: &str = "format = 1\n[profile]\nstates = [\"HU\", \"RO\"]\nversion = 1\nreference = \"12/2026\"\n\
    valid_from = 2020-01-01\nvalid_until = 2099-12-31\n[T5]\nwarn_s = 20\nalarm_s = 45\n";

fn context() -> Context {
    Context { border_data: None }
}

#[test]
fn a_profile_goes_from_a_draft_to_a_service() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let file = path("hu-ro.toml");
    std::fs::write(&file, TEXT).expect("written");
    let key = |state: &str| {
        let said = make(state, &path(state)).expect("a key");
        said.lines().last().expect("the public key").to_owned()
    };
    let (hu, ro, at) = (key("HU"), key("RO"), key("AT"));
    assert!(at.starts_with("AT:"));

    let nothing = From { config: None };
    let said = check(&context(), &file, &nothing).expect("sound");
    assert!(
        said.contains("signature of HU missing") && said.contains("no signature was checked"),
        "{said}"
    );
    let said = sign(&file, &path("HU")).expect("signed");
    assert!(said.contains("HU signed the profile HU-RO v1"), "{said}");
    let said = sign(&file, &path("AT"))
        .expect_err("a stranger")
        .to_string();
    assert!(said.contains("the key is of AT"), "{said}");

    let config = path("limes.toml");
    let text = format!(
        "[profile]\nfiles = ['{}']\nkeys = ['{hu}', '{ro}']\n",
        file.display()
    );
    std::fs::write(&config, text).expect("written");
    let with = From {
        config: Some(config),
    };
    let said = check(&context(), &file, &with)
        .expect_err("one side")
        .to_string();
    assert!(said.contains("not signed by RO"), "{said}");
    sign(&file, &path("RO")).expect("signed");
    let said = check(&context(), &file, &with).expect("both sides");
    assert!(
        said.contains("signed by both sides, and in force"),
        "{said}"
    );

    let said = show(&context(), "RO-HU", &with, Format::Text).expect("shown");
    assert!(
        said.contains(&format!("signed by HU with {}", &hu[3..])),
        "{said}"
    );
    let row = |key: &str| {
        said.lines()
            .find(|line| line.starts_with(key))
            .expect("a row")
    };
    assert!(row("T5.alarm_s").contains("45 s  profile "), "{said}");
    assert!(
        row("T12.eyes_s").contains("60 s  default of the workflow"),
        "{said}"
    );
    assert!(said.contains("overlap: nothing was agreed"), "{said}");
    let json = show(&context(), "HU-RO", &with, Format::Json).expect("shown");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["version"], 1);

    let said = show(&context(), "AT-HU", &with, Format::Text).expect("shown");
    assert!(
        said.starts_with("AT-HU: no profile is configured."),
        "{said}"
    );
    assert!(!said.contains("45 s"), "{said}");
    let wrong = show(&context(), "HU", &with, Format::Text).expect_err("no pair");
    assert!(wrong.is::<WrongUsage>());
}

#[test]
fn a_draft_that_weakens_the_law_is_refused_and_not_signed_when_it_has_flaws() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hu-ro.toml");
    let weak = "[[limit]]\nfrom = \"HU\"\ninto = \"RO\"\nconsent_min = 600\n";
    std::fs::write(&file, TEXT.to_owned() + weak).expect("written");
    let said = check(&context(), &file, &From { config: None }).expect_err("weak");
    assert!(
        said.to_string().contains("weakens the law's 300 min"),
        "{said}"
    );
    std::fs::write(&file, TEXT.replace("45", "4500")).expect("written");
    let key = folder.path().join("HU");
    make("HU", &key).expect("a key");
    let said = sign(&file, &key).expect_err("flawed").to_string();
    assert!(
        said.contains("hu-ro.toml: line 10: T5.alarm_s: 4500 s is not possible"),
        "{said}"
    );
}
