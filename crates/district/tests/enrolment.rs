//! Who is let in, and who is not any more.

mod common;

use common::{HERE, Laptop, SHARED, TestDistrict, client, code_of, scope};
use reqwest::StatusCode;
use sync::wire::{EnrolmentCode, WireError};

#[tokio::test]
async fn a_code_lets_one_laptop_in_and_no_second_one() {
    let district = TestDistrict::start();
    let code = district.code(HERE, "clerk");
    let laptop = Laptop::enrol(&code).await.expect("a fresh code");
    assert_eq!(laptop.enrolled.letter, "A", "the first laptop's letter");
    assert_eq!(laptop.enrolled.role, "clerk");
    assert_eq!(laptop.enrolled.scopes, [scope(SHARED), scope(HERE)], "the township and what its district shares");

    let again = Laptop::enrol(&code).await;
    assert!(matches!(again, Err((StatusCode::GONE, WireError::CodeUsed { .. }))), "one code, one laptop");
    assert_eq!(district.enrol(HERE, "lead").await.enrolled.letter, "B", "the refused one took no letter");
}

#[tokio::test]
async fn unknown_and_expired_codes_are_told_apart_and_a_wrong_version_spends_none() {
    let district = TestDistrict::start();
    let code = district.code(HERE, "clerk");

    let unknown = Laptop::enrol(&EnrolmentCode { secret: [9; 16], ..code.clone() }).await;
    assert!(matches!(unknown, Err((StatusCode::NOT_FOUND, WireError::CodeUnknown))));
    assert_eq!(code_of(Laptop::enrol_saying(&code, 99).await), "versionMismatch");
    assert!(Laptop::enrol(&code).await.is_ok(), "a refused attempt does not spend the code");

    let late = district.code(HERE, "clerk");
    // Only the administrator's clock can make a code expire; here the clock is the database's.
    district.execute("UPDATE enrolment SET expires_at = '2020-01-01T00:00:00Z' WHERE used_at IS NULL");
    assert_eq!(code_of(Laptop::enrol(&late).await), "codeExpired");
}

#[tokio::test]
async fn a_revoked_laptop_is_shut_out_at_once() {
    let district = TestDistrict::start();
    let laptop = district.enrol(HERE, "clerk").await;
    laptop.push(&[]).await.expect("still welcome");
    let id = laptop.enrolled.device.to_string();
    let shown = district.district().revoke(&id).expect("a known device");
    assert!(shown.revoked_at.is_some() && shown.seen_at.is_some());

    let shut_out = (laptop.push(&[]).await, laptop.push(&[laptop.village("320902107200", "洋中村")]).await);
    assert!(matches!(shut_out.0, Err((StatusCode::FORBIDDEN, WireError::DeviceRevoked { .. }))));
    assert_eq!(code_of(shut_out.1), "deviceRevoked");
    assert_eq!(code_of(laptop.news(HERE, 0, "").await), "deviceRevoked");
    assert_eq!(district.district().revoke(&id).expect("revoked twice").revoked_at, shown.revoked_at, "its date stays");
}

#[tokio::test]
async fn nobody_gets_in_without_a_token_or_past_another_certificate() {
    let district = TestDistrict::start();
    let mut laptop = district.enrol(HERE, "clerk").await;
    laptop.enrolled.token = "0".repeat(64);
    assert!(matches!(laptop.push(&[]).await, Err((StatusCode::UNAUTHORIZED, WireError::DeviceUnknown))));

    let wary = client([1; 32]).get(format!("{}/health", laptop.base)).send().await;
    assert!(wary.is_err(), "a laptop that knows another certificate does not say a word");
}

#[tokio::test]
async fn secrets_and_tokens_are_nowhere_on_the_districts_disk() {
    let district = TestDistrict::start();
    let code = district.code(HERE, "clerk");
    let laptop = Laptop::enrol(&code).await.expect("a fresh code");
    for (file, bytes) in district.copy() {
        for secret in [laptop.enrolled.token.as_bytes(), &code.secret, hex::encode(code.secret).as_bytes()] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "a copy of {file} lets nobody in");
        }
    }
}

#[tokio::test]
async fn the_health_page_answers_with_and_without_tls_and_plain_http_gets_advice() {
    let district = TestDistrict::start();
    let address = district.running().address;
    let secure = client(district.running().fingerprint()).get(format!("https://{address}/health"));
    let page = secure.send().await.expect("an answer").text().await.expect("text");
    assert!(page.contains("农环台账") && page.contains(env!("CARGO_PKG_VERSION")), "{page}");

    let plain = client([0; 32]).get(format!("http://{address}/health")).send().await.expect("an answer");
    assert_eq!(plain.status(), StatusCode::OK);
    let lost = client([0; 32]).get(format!("http://{address}/v1/hello")).send().await.expect("an answer");
    assert_eq!(lost.status(), StatusCode::BAD_REQUEST);
    assert!(lost.text().await.expect("text").contains("https://"), "it says what to do");
}
