#include "barometer/server/credentials.h"

#include <sodium.h>

#include <array>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/server/page_ticket.h"
#include "barometer/server/rate_limit.h"
#include "barometer/server/request_target.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

void random_bytes(std::span<unsigned char> out) { randombytes_buf(out.data(), out.size()); }
SecretKey key_of(unsigned char byte) {
  std::array<unsigned char, 32> bytes{};
  bytes.fill(byte);
  return SecretKey(bytes);
}

// RFC 6238, appendix B; the secrets are those of its reference code.
TEST(Totp, CodesOfTheRfc) {
  const std::string ten = "1234567890";
  const std::string sha1 = ten + ten;
  const std::string sha256 = sha1 + ten + "12";
  const std::string sha512 = sha1 + sha1 + sha1 + "1234";
  struct Row {
    int64_t seconds;
    const char *sha1, *sha256, *sha512;
  };
  for (const Row& row : std::vector<Row>{{59, "94287082", "46119246", "90693936"},
                                         {1111111109, "07081804", "68084774", "25091201"},
                                         {1111111111, "14050471", "67062674", "99943326"},
                                         {1234567890, "89005924", "91819424", "93441116"},
                                         {2000000000, "69279037", "90698825", "38618901"},
                                         {20000000000, "65353130", "77737706", "47863826"}}) {
    EXPECT_EQ(totp_code(sha1, row.seconds / 30, 8, TotpDigest::kSha1), row.sha1);
    EXPECT_EQ(totp_code(sha256, row.seconds / 30, 8, TotpDigest::kSha256), row.sha256);
    EXPECT_EQ(totp_code(sha512, row.seconds / 30, 8, TotpDigest::kSha512), row.sha512);
  }
}

// RFC 4226, appendix D.
TEST(Totp, CodesOfTheCounterRfc) {
  const std::vector<std::string> codes = {"755224", "287082", "359152", "969429", "338314",
                                          "254676", "287922", "162583", "399871", "520489"};
  for (size_t i = 0; i < codes.size(); ++i) {
    EXPECT_EQ(totp_code("12345678901234567890", static_cast<int64_t>(i)), codes[i]);
  }
}

TEST(Totp, TakesTheStepsBesideAndNoOther) {
  const std::string secret = "12345678901234567890";
  const int64_t now = 59;  // step 1
  EXPECT_EQ(totp_step_of(secret, totp_code(secret, 0), now), 0);
  EXPECT_EQ(totp_step_of(secret, totp_code(secret, 1), now), 1);
  EXPECT_EQ(totp_step_of(secret, totp_code(secret, 2), now), 2);
  for (const std::string& wrong :
       {totp_code(secret, 3), totp_code(secret, -1), std::string(), std::string("28708"),
        std::string("2870822"), std::string("28708a"), std::string("      ")}) {
    EXPECT_FALSE(totp_step_of(secret, wrong, now)) << wrong;
  }
}

// RFC 4648, section 10.
TEST(Base32, OfTheRfc) {
  const std::vector<std::pair<std::string, std::string>> rows = {{"", ""},
                                                                 {"f", "MY"},
                                                                 {"fo", "MZXQ"},
                                                                 {"foo", "MZXW6"},
                                                                 {"foob", "MZXW6YQ"},
                                                                 {"fooba", "MZXW6YTB"},
                                                                 {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : rows) {
    EXPECT_EQ(base32_text(bytes), text);
    EXPECT_EQ(*base32_bytes(text), bytes);
  }
  for (const char* wrong : {"my", "M1", "MY======", "M Y"}) EXPECT_FALSE(base32_bytes(wrong));
}

TEST(Password, HashedByArgon2idAndMatched) {
  const auto hash = password_hash("correct horse battery");
  ASSERT_TRUE(hash);
  EXPECT_THAT(*hash, HasSubstr("$argon2id$v=19$m=32768,t=3,p=1$"));
  EXPECT_TRUE(password_matches(*hash, "correct horse battery"));
  EXPECT_FALSE(password_matches(*hash, "correct horse batterY"));
  EXPECT_FALSE(password_matches("", ""));
  EXPECT_FALSE(password_matches("plain", "plain"));
  for (const std::string& wrong :
       {std::string("short"), std::string("elevenchars"), std::string(129, 'a'),
        std::string("\xff\xfe\xfd valid length"), std::string("Password1234")}) {
    EXPECT_FALSE(password_hash(wrong)) << wrong;
  }
}

TEST(Sealed, OpensUnderItsKeyOnly) {
  const SecretKey key = key_of(1);
  const std::string sealed = sealed_text("secret", key, random_bytes);
  EXPECT_EQ(*opened_text(sealed, key), "secret");
  EXPECT_NE(sealed, sealed_text("secret", key, random_bytes));
  EXPECT_FALSE(opened_text(sealed, key_of(2)));
  std::string changed = sealed;
  changed.back() = changed.back() == '0' ? '1' : '0';
  EXPECT_FALSE(opened_text(changed, key));
  for (const char* wrong : {"", "ab", "zz", "abc"}) EXPECT_FALSE(opened_text(wrong, key));
}

TEST(PageTicket, OfItsOwnerPurposeKeyAndTime) {
  const PageTickets tickets(key_of(1), random_bytes, 100);
  const PageTickets others(key_of(2), random_bytes, 100);
  const std::string ticket = tickets.make("owner", "page", 1000);
  EXPECT_NE(ticket, tickets.make("owner", "page", 1000)) << "a key of its own";
  const auto opened = tickets.open(ticket, "owner", "page", 1050);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->issued_s, 1000);
  EXPECT_EQ(opened->key, ticket.substr(0, 32));
  EXPECT_FALSE(tickets.open(ticket, "other", "page", 1050));
  EXPECT_FALSE(tickets.open(ticket, "owner", "other", 1050));
  EXPECT_FALSE(tickets.open(ticket, "ownerp", "age", 1050)) << "fields are not run together";
  EXPECT_FALSE(tickets.open(ticket, "owner", "page", 1100)) << "too old";
  EXPECT_FALSE(tickets.open(ticket, "owner", "page", 600)) << "from the future";
  EXPECT_FALSE(others.open(ticket, "owner", "page", 1050));
  for (size_t i = 0; i < ticket.size(); ++i) {
    std::string forged = ticket;
    forged[i] = forged[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(tickets.open(forged, "owner", "page", 1050)) << i;
  }
}

TEST(RateLimit, BurstThenRate) {
  RateLimit limit({2, 3}, {}, 64);
  EXPECT_TRUE(limit.take("a", 0));
  EXPECT_TRUE(limit.take("a", 0));
  EXPECT_TRUE(limit.take("a", 0));
  EXPECT_FALSE(limit.take("a", 0));
  EXPECT_FALSE(limit.has_room("a", 499'999));
  EXPECT_TRUE(limit.take("a", 500'000));
  EXPECT_FALSE(limit.take("a", 500'000));
  EXPECT_TRUE(limit.take("b", 0)) << "another client";
  // Over an hour at three times the rate: what is let through is burst + rate * time.
  RateLimit hour({2, 10}, {});
  int taken = 0;
  for (int i = 0; i < 6 * 3600; ++i) taken += hour.take("a", i * 166'667LL) ? 1 : 0;
  EXPECT_NEAR(taken, 2 * 3600 + 10, 2);
  RateLimit none({0, 0}, {});
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(none.take("a", 0));
}

TEST(PathParts, OnePageHasOneAddress) {
  EXPECT_THAT(*path_parts("/"), ElementsAre());
  EXPECT_THAT(*path_parts("/i/AbC-9_~.x/p"), ElementsAre("i", "AbC-9_~.x", "p"));
  EXPECT_THAT(*path_parts("/a/"), ElementsAre("a"));
  for (const char* wrong : {"",     "a",    "//",      "//a",    "/a//b",     "/a//",
                            "/.",   "/..",  "/a/../b", "/a/./b", "/%2e",      "/a%2Fb",
                            "/a b", "/a;b", "/a\\b",   "/a\tb",  "/\xc3\xa9", "/a/b/c/d/e/f/g/h/i",
                            "/a?b", "/a#b", "/*"}) {
    EXPECT_FALSE(path_parts(wrong)) << wrong;
  }
}

TEST(Cookie, OneValueOrNone) {
  EXPECT_EQ(cookie_value("a=1; b=2", "b"), "2");
  EXPECT_EQ(cookie_value("b=2", "b"), "2");
  EXPECT_EQ(cookie_value("b=2; b=2", "b"), "2");
  for (const char* wrong :
       {"", "ab=2", "b", "b=1; b=2", "b=\"2\"", "b=a b", "b=a,b", "B=2", "a=b=2", ";;;", "=2"}) {
    EXPECT_EQ(cookie_value(wrong, "b"), "") << wrong;
  }
}

TEST(Language, AsAsked) {
  const std::vector<std::string> known = {"en", "cy"};
  const std::vector<std::pair<std::string, std::string>> rows = {{"cy", "cy"},
                                                                 {"cy-GB, en;q=0.9", "cy"},
                                                                 {"en;q=0.2, cy;q=0.7", "cy"},
                                                                 {"fr, en;q=0.5", "en"},
                                                                 {"EN-us", "en"},
                                                                 {"fr", ""},
                                                                 {"", ""},
                                                                 {"cy;q=0", ""},
                                                                 {"*", ""},
                                                                 {"cy;q=2", ""},
                                                                 {"cy;q=x, en", "en"},
                                                                 {",,;=", ""}};
  for (const auto& [header, language] : rows) {
    EXPECT_EQ(preferred_language(header, known), language) << header;
  }
}

TEST(Network, NeverTheHost) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"192.0.2.77", "192.0.2.0/24"},
      {"2001:db8:1:2::3", "2001:db8:1::/48"},
      {"::ffff:192.0.2.77", "192.0.2.0/24"},
      {"::1", "::/48"},
      {"", "-"},
      {"1.2.3", "-"},
      {"<script>", "-"},
      {"1.2.3.4.5", "-"}};
  for (const auto& [address, network] : rows) EXPECT_EQ(network_of(address), network) << address;
}

}  // namespace
}  // namespace barometer
