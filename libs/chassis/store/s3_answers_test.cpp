#include "libs/chassis/store/s3_answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace podium {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kRefused =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SignatureDoesNotMatch</Code>"
    "<Message>sesame is not the secret</Message><StringToSign>sesame</StringToSign></Error>";

std::string error_xml(std::string_view code) {
  return "<Error><Code>" + std::string{code} + "</Code><Message>m</Message></Error>";
}

Error told(int status, std::string_view body, std::string_view region = "") {
  return error_of("PUT x", refusal_of(status, body, region));
}

TEST(S3Answer, OfAnErrorOnlyTheCodeIsTold) {
  const auto error = told(403, kRefused);
  EXPECT_TRUE(error.is(errors::kPermission));
  EXPECT_THAT(error.detail, HasSubstr("403 SignatureDoesNotMatch"));
  EXPECT_THAT(error.detail, Not(HasSubstr("sesame")));
  EXPECT_THAT(told(403, error_xml("a code with <b>markup</b>")).detail, Not(HasSubstr("markup")));
}

TEST(S3Answer, SaysWhatIsToBeDone) {
  EXPECT_TRUE(told(404, "").is(errors::kNotFound));
  EXPECT_TRUE(told(404, error_xml("NoSuchKey")).is(errors::kNotFound));
  EXPECT_TRUE(told(404, error_xml("NoSuchBucket")).is(errors::kConfiguration));
  EXPECT_TRUE(told(403, "").is(errors::kPermission));
  EXPECT_TRUE(told(400, error_xml("ExpiredToken")).is(errors::kPermission));
  EXPECT_TRUE(told(412, error_xml("PreconditionFailed")).is(errors::kConflict));
  EXPECT_TRUE(told(400, error_xml("EntityTooLarge")).is(errors::kTooLarge));
  EXPECT_TRUE(told(400, error_xml("XAmzContentSHA256Mismatch")).is(errors::kUnavailable));
  EXPECT_TRUE(told(400, error_xml("InvalidArgument")).is(errors::kInternal));
  EXPECT_TRUE(told(503, error_xml("SlowDown")).is(errors::kUnavailable));
}

TEST(S3Answer, TellsAPersonWhatToMend) {
  EXPECT_THAT(told(404, error_xml("NoSuchBucket")).detail, HasSubstr("make the bucket"));
  EXPECT_THAT(told(403, error_xml("InvalidAccessKeyId")).detail, HasSubstr("AWS_ACCESS_KEY_ID"));
  EXPECT_THAT(told(403, kRefused).detail, HasSubstr("AWS_SECRET_ACCESS_KEY"));
  EXPECT_THAT(told(403, error_xml("RequestTimeTooSkewed")).detail, HasSubstr("set the clock"));
  EXPECT_THAT(told(403, error_xml("AccessDenied")).detail, HasSubstr("lacks a right"));
  EXPECT_EQ(told(403, "").detail, "PUT x: the object store answers 403");
}

TEST(S3Answer, AnotherRegionIsNamed) {
  EXPECT_THAT(told(301, "", "eu-west-1").detail, HasSubstr("the bucket is in eu-west-1"));
  EXPECT_TRUE(told(301, "", "eu-west-1").is(errors::kConfiguration));
  EXPECT_THAT(told(307,
                   "<Error><Code>TemporaryRedirect</Code>"
                   "<Endpoint>b.s3-eu-west-1.example.org</Endpoint></Error>")
                  .detail,
              HasSubstr("the bucket is in b.s3-eu-west-1.example.org"));
  EXPECT_THAT(told(400,
                   "<Error><Code>AuthorizationHeaderMalformed</Code>"
                   "<Region>eu-west-1</Region></Error>")
                  .detail,
              HasSubstr("the bucket is in eu-west-1, set AWS_REGION"));
}

TEST(S3Answer, OnlyWhatPassesIsWorthRepeating) {
  const auto passes = [](int status, std::string_view body) {
    return is_passing(refusal_of(status, body, ""));
  };
  for (const int status : {408, 429, 500, 502, 503, 504}) EXPECT_TRUE(passes(status, "")) << status;
  for (const int status : {301, 307, 400, 403, 404, 409, 412, 416, 501}) {
    EXPECT_FALSE(passes(status, "")) << status;
  }
  EXPECT_TRUE(passes(400, error_xml("RequestTimeout")));
  EXPECT_TRUE(passes(409, error_xml("OperationAborted")));
  EXPECT_FALSE(passes(400, error_xml("BadDigest")));
  EXPECT_TRUE(passes(200, error_xml("InternalError")));
  EXPECT_TRUE(passes(200, error_xml("SlowDown")));
  EXPECT_FALSE(passes(200, error_xml("AccessDenied")));
  EXPECT_FALSE(passes(200, error_xml("InvalidPart")));
}

TEST(S3Xml, FieldsAreFoundAndTheirEntitiesResolved) {
  EXPECT_EQ(xml_text("<A><B>x &amp;lt; &quot;y&quot;</B></A>", "B"), "x &lt; \"y\"");
  EXPECT_EQ(xml_text("<A><B>x", "B"), "");
  EXPECT_EQ(xml_text("", "B"), "");
  EXPECT_TRUE(is_error_body("<?xml version=\"1.0\"?>  <Error><Code>X</Code></Error>"));
  EXPECT_FALSE(is_error_body("<CompleteMultipartUploadResult></CompleteMultipartUploadResult>"));
}

TEST(S3Xml, OpenUploadsHaveObjectIdAndTime) {
  const auto uploads = open_uploads(
      "<ListMultipartUploadsResult><UploadIdMarker></UploadIdMarker>"
      "<Upload><Key>p/a&amp;b</Key><UploadId>u1</UploadId>"
      "<Initiated>2013-05-24T01:02:03.000Z</Initiated></Upload>"
      "<Upload><Key>p/c</Key><UploadId>u2</UploadId><Initiated>soon</Initiated></Upload>"
      "<Upload><Initiated>2013-05-25T00:00:00Z</Initiated><Key>p/d</Key><UploadId>u3</UploadId>"
      "</Upload></ListMultipartUploadsResult>");
  ASSERT_EQ(uploads.size(), 2U);
  EXPECT_EQ(uploads[0].object, "p/a&b");
  EXPECT_EQ(uploads[0].id, "u1");
  EXPECT_EQ(uploads[0].begun,
            std::chrono::sys_days{std::chrono::year{2013} / 5 / 24} + std::chrono::seconds{3723});
  EXPECT_EQ(uploads[1].id, "u3");
}

TEST(S3Xml, PartsAreNamedInTheirOrder) {
  EXPECT_THAT(complete_body({"\"t1\"", "t2"}),
              HasSubstr("<Part><PartNumber>1</PartNumber><ETag>&quot;t1&quot;</ETag></Part>"
                        "<Part><PartNumber>2</PartNumber><ETag>t2</ETag></Part>"));
}

}  // namespace
}  // namespace podium
