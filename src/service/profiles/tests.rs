use super::*;
use crate::domain::borders::Frontier;
use crate::service::datadir::DataDir;
use crate::service::ruledata;
use crate::service::signing::keys::PrivateKey;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;

const NOW: &str = "2027-03-16T11:00:00Z";
const TEXT: &str = "format = 1\n[profile]\nstates = [\"HU\", \"RO\"]\nversion = 3\nreference = \"12/2026\"\n\
    valid_from = 2027-01-01\nvalid_until = 2027-12-31\n[T5]\nwarn_s = 20\nalarm_s = 45\n";

/// A folder with the keys of two sides.
struct Desk {
    folder: tempfile::TempDir,
    keys: Vec<PublicKey>,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let make = |code: &str| {
            let state = State::parse(code).expect("a state");
            PrivateKey::make(state, &folder.path().join(format!("{code}.key"))).expect("a key")
        };
        let keys = ["HU", "RO", "ES", "PT"].map(make).to_vec();
        Self { folder, keys }
    }

    fn write(&self, name: &str, text: &str, signers: &[&str]) -> PathBuf {
        let file = self.folder.path().join(name);
        std::fs::write(&file, text).expect("written");
        for code in signers {
            let key = PrivateKey::read(&self.folder.path().join(format!("{code}.key")));
            let signature = key.expect("a key").sign(text.as_bytes());
            let state = State::parse(code).expect("a state");
            std::fs::write(signature_file(&file, state), signature).expect("written");
        }
        file
    }

    fn read_at(
        &self,
        files: &[PathBuf],
        now: &str,
        exercise: bool,
    ) -> Result<SignedProfiles, String> {
        let against = Against {
            keys: &self.keys,
            exercise,
            rulebook: &ruledata::rulebook(None).expect("built in"),
            now: Timestamp::parse(now).expect("a time"),
        };
        SignedProfiles::read(files, against).map_err(|error| format!("{error:#}"))
    }

    fn refused(&self, text: &str, signers: &[&str]) -> String {
        let file = self.write("one.toml", text, signers);
        let read = self.read_at(&[file], NOW, false);
        read.expect_err("refused")
    }
}

#[test]
fn a_profile_that_both_sides_signed_is_read_with_the_keys_of_both() {
    let desk = Desk::new();
    let file = desk.write("hu-ro.toml", TEXT, &["HU", "RO"]);
    let read = desk.read_at(&[file], NOW, false).expect("signed");
    let profiles = read.profiles();
    let pair = Frontier::parse("RO-HU").expect("a pair");
    let profile = profiles.of_pair(pair).expect("it is there");
    let signed: Vec<String> = profile
        .signatures()
        .iter()
        .map(|(state, key)| format!("{state}:{key}"))
        .collect();
    assert_eq!(signed, [desk.keys[0].to_string(), desk.keys[1].to_string()]);
    assert_eq!(profile.named().digest.len(), 64);
}

#[test]
fn what_is_not_signed_by_both_over_these_bytes_is_refused() {
    let desk = Desk::new();
    let said = desk.refused(TEXT, &["HU"]);
    assert!(
        said.contains("not signed by RO") && said.contains("one.toml.RO.sig"),
        "{said}"
    );

    let file = desk.write("two.toml", TEXT, &["HU", "RO"]);
    std::fs::write(&file, TEXT.replace("alarm_s = 45", "alarm_s = 46")).expect("written");
    let said = desk
        .read_at(std::slice::from_ref(&file), NOW, false)
        .expect_err("changed");
    assert!(said.contains("was changed since"), "{said}");

    // A signature of the one side does not do for the other.
    let file = desk.write("three.toml", TEXT, &["HU", "RO"]);
    let [hu, ro] =
        ["HU", "RO"].map(|code| signature_file(&file, State::parse(code).expect("a state")));
    std::fs::copy(&hu, &ro).expect("copied");
    let said = desk.read_at(&[file], NOW, false).expect_err("of HU twice");
    assert!(said.contains("known key of RO"), "{said}");

    let mut stranger = Desk::new();
    stranger.keys.retain(|key| key.state.as_str() == "HU");
    let said = stranger.refused(TEXT, &["HU", "RO"]);
    assert!(
        said.contains("no key of RO is named in `profile.keys`"),
        "{said}"
    );
    let file = desk.write("four.toml", TEXT, &["HU", "RO"]);
    stranger.keys.push(desk.keys[1]);
    let said = stranger
        .read_at(&[file], NOW, false)
        .expect_err("another HU");
    assert!(said.contains("known key of HU"), "{said}");
    std::fs::write(
        signature_file(&desk.folder.path().join("four.toml"), desk.keys[0].state),
        "no",
    )
    .expect("written");
    let said = desk.read_at(&[desk.folder.path().join("four.toml")], NOW, false);
    assert!(
        said.expect_err("no signature")
            .contains("128 hexadecimal digits")
    );
}

#[test]
fn a_profile_out_of_its_days_of_an_exercise_or_twice_is_refused() {
    let desk = Desk::new();
    let file = desk.write("hu-ro.toml", TEXT, &["HU", "RO"]);
    let files = [file.clone()];
    assert!(desk.read_at(&files, "2027-12-31T23:59:59Z", false).is_ok());
    let said = desk
        .read_at(&files, "2028-01-01T00:00:00Z", false)
        .expect_err("over");
    assert!(said.contains("ended on 2027-12-31"), "{said}");
    let said = desk
        .read_at(&files, "2026-12-31T23:59:59Z", false)
        .expect_err("early");
    assert!(said.contains("only from 2027-01-01"), "{said}");
    let said = desk.read_at(&files, NOW, true).expect_err("real");
    assert!(said.contains("an exercise never rests on it"), "{said}");
    let of_exercise = TEXT.replace("[T5]", "exercise = true\n[T5]");
    let said = desk.refused(&of_exercise, &["HU", "RO"]);
    assert!(said.contains("a real service never rests on it"), "{said}");
    let again = desk.write("again.toml", &TEXT.replace("3\n", "4\n"), &["HU", "RO"]);
    let said = desk.read_at(&[file, again], NOW, false).expect_err("twice");
    assert!(said.contains("two profiles of HU-RO"), "{said}");
    let said = desk.read_at(&[PathBuf::from("/nowhere/x.toml")], NOW, false);
    assert!(said.expect_err("no file").contains("/nowhere/x.toml"));
}

#[test]
fn a_number_that_weakens_the_law_is_refused_and_a_stricter_one_is_not() {
    let desk = Desk::new();
    let limit = |from: &str, into: &str, rest: &str| {
        let (mut states, mut text) = ([from, into], TEXT.to_owned());
        states.sort_unstable();
        text = text.replace(
            "\"HU\", \"RO\"",
            &format!("\"{}\", \"{}\"", states[0], states[1]),
        );
        text + &format!("[[limit]]\nfrom = \"{from}\"\ninto = \"{into}\"\n{rest}\n")
    };
    let read = |from: &str, into: &str, rest: &str| {
        let file = desk.write("limit.toml", &limit(from, into, rest), &[from, into]);
        desk.read_at(&[file], NOW, false)
    };
    // Art. 40(2): five hours.
    assert!(read("HU", "RO", "consent_min = 300").is_ok());
    assert!(read("HU", "RO", "consent_min = 299").is_ok());
    let said = read("HU", "RO", "consent_min = 301").expect_err("weaker");
    assert!(
        said.contains("limit 1: consent_min: 301 min weakens the law's 300 min"),
        "{said}"
    );
    // Portugal and Spain have figures for a pursuit; Hungary and Romania have none, and none is invented.
    let (pt, es) = ("PT", "ES");
    assert!(read(pt, es, "pursuit_m = 49999").is_ok());
    let said = read(pt, es, "pursuit_m = 50001").expect_err("farther");
    assert!(said.contains("weakens the law's 50000 m"), "{said}");
    assert!(read(pt, es, "pursuit_min = 120").is_ok());
    let said = read(pt, es, "pursuit_min = 121").expect_err("longer");
    assert!(said.contains("weakens the law's 120 min"), "{said}");
    let said = read("HU", "RO", "pursuit_m = 1000").expect_err("no such limit");
    assert!(said.contains("the rules give no such limit here"), "{said}");
    // A warning before the clock begins is none.
    let text = TEXT.to_owned() + "[T8]\nfirst_min = 300\n";
    let said = desk.refused(&text, &["HU", "RO"]);
    assert!(
        said.contains("T8.first_min: 300 min before the end"),
        "{said}"
    );
}

#[test]
fn a_key_is_its_owners_alone_and_never_shown() {
    let desk = Desk::new();
    let file = desk.folder.path().join("HU.key");
    let key = PrivateKey::read(&file).expect("a key");
    assert_eq!(key.public(), desk.keys[0]);
    assert_eq!(format!("{key:?}"), "PrivateKey(HU, …)");
    assert!(
        PrivateKey::make(key.public().state, &file).is_err(),
        "it is there"
    );
    assert_eq!(
        PrivateKey::read(&file).expect("the same").public(),
        key.public()
    );
    let mode = std::fs::metadata(&file)
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).expect("opened");
    let said = PrivateKey::read(&file).expect_err("open").to_string();
    assert!(said.contains("chmod 600"), "{said}");
    for text in [
        "",
        "HU",
        "HU:12",
        "hu:00",
        &format!("HU:{}", "g".repeat(64)),
    ] {
        assert!(PublicKey::parse(text).is_err(), "{text}");
    }
    let public = desk.keys[0].to_string();
    assert_eq!(PublicKey::parse(&public).expect("a key"), desk.keys[0]);
}

#[test]
fn what_is_kept_is_found_again_from_a_copy_too_and_not_when_it_was_changed() {
    let desk = Desk::new();
    let file = desk.write("hu-ro.toml", TEXT, &["HU", "RO"]);
    let earlier = desk.read_at(&[file], NOW, false).expect("signed");
    let named: BTreeSet<_> = earlier.profiles().named().into_values().collect();
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let [from, to] = [0, 1].map(|at| DataDir::existing(folders[at].path()).expect("a folder"));
    kept::keep(&from, &earlier).expect("kept");
    kept::keep(&from, &earlier).expect("kept already");
    kept::copy(&from, &to).expect("copied");
    let none = SignedProfiles::default();
    for data in [&from, &to] {
        let with = kept::with_earlier(data, &none, &named).expect("at hand");
        for wanted in &named {
            let profile = with.find(wanted).expect("it was kept");
            assert_eq!(
                profile,
                earlier.profiles().find(wanted).expect("it was read")
            );
        }
        assert_eq!(with.all().len(), 0, "none is of now");
    }
    let name = named.first().expect("one").digest.to_string();
    let kept_file = to.file("profiles").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&kept_file).expect("kept");
    std::fs::write(&kept_file, text.replace("alarm_s = 45", "alarm_s = 99")).expect("written");
    let said = format!(
        "{:#}",
        kept::with_earlier(&to, &none, &named).expect_err("changed")
    );
    assert!(said.contains("damaged") && said.contains(&name), "{said}");
    std::fs::remove_file(&kept_file).expect("removed");
    let said = format!(
        "{:#}",
        kept::with_earlier(&to, &none, &named).expect_err("gone")
    );
    assert!(
        said.contains("HU-RO v3") && said.contains("backup"),
        "{said}"
    );
}

#[test]
fn the_profile_of_the_exercise_is_signed_and_of_no_real_service() {
    let rulebook = ruledata::rulebook(None).expect("built in");
    let now = Timestamp::parse(NOW).expect("a time");
    let read = SignedProfiles::of_exercise(&rulebook, now).expect("signed");
    let profile = read.profiles();
    let profile = profile.all().next().expect("one");
    assert!(profile.parts().exercise);
    let scenario = crate::wire::scenario::parse(include_str!(
        "../../../border-data/exercises/nagylak-27.toml"
    ));
    assert_eq!(
        profile.parts().crossing_points,
        scenario.expect("the exercise").crossing_points,
        "both name the same crossing points"
    );
}
