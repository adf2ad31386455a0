import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import S3

@Suite struct AnswerParsingTests {
  static let listing = """
    <?xml version="1.0" encoding="UTF-8"?>
    <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
    <Name>bucket</Name><Prefix>a%2F</Prefix>
    <KeyCount>3</KeyCount><MaxKeys>2</MaxKeys><IsTruncated>true</IsTruncated>
    <NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken>
    <Contents><Key>a/b+c%2Bd%25%C3%A9%00</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified>
    <ETag>&quot;fba9dede5f27731c9771645a39863328&quot;</ETag><Size>434234</Size>
    <Owner><ID>x</ID><DisplayName>y</DisplayName></Owner><StorageClass>STANDARD</StorageClass></Contents>
    <Contents><Key>a/z</Key><Size>0</Size><ETag/></Contents>
    <CommonPrefixes><Prefix>a/p%20q/</Prefix></CommonPrefixes>
    <EncodingType>url</EncodingType></ListBucketResult>
    """

  @Test func aListingIsReadAndDecoded() throws {
    let page = try ListBucketResult.parse(Bytes(utf8: Self.listing))
    #expect(
      page
        == ListPage(
          entries: [
            .init(key: "a/b c+d%é\u{0}", byteCount: 434_234, tag: ETag("fba9dede5f27731c9771645a39863328")),
            .init(key: "a/z", byteCount: 0, tag: ETag("")),
          ], commonPrefixes: ["a/p q/"], continuation: "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM="))
  }

  @Test func keysAreTakenAsTheyAreWhenTheServerDidNotEncodeThem() throws {
    let text =
      "<ListBucketResult><Contents><Key>a+b%20&amp;c</Key><Size>1</Size></Contents></ListBucketResult>"
    let page = try ListBucketResult.parse(Bytes(utf8: text))
    #expect(page.entries.map(\.key) == ["a+b%20&c"])
    #expect(page.continuation == nil)
  }

  @Test(arguments: [
    "<IsTruncated>true</IsTruncated>", "<IsTruncated>true</IsTruncated><NextContinuationToken/>",
    "<Contents><Size>1</Size></Contents>", "<Contents><Key>a</Key></Contents>",
    "<Contents><Key>a</Key><Size>-1</Size></Contents>",
    "<Contents><Key>a</Key><Size>99999999999999999999</Size></Contents>",
    "<EncodingType>url</EncodingType><Contents><Key>%</Key><Size>1</Size></Contents>",
    "<EncodingType>url</EncodingType><CommonPrefixes><Prefix>%FF</Prefix></CommonPrefixes>",
  ])
  func aListingThatCannotBeTrustedIsRefused(content: String) {
    #expect(throws: SternaError.self) {
      try ListBucketResult.parse(Bytes(utf8: "<ListBucketResult>\(content)</ListBucketResult>"))
    }
  }

  @Test func deletionsAreNamedOneByOne() throws {
    let text = """
      <DeleteResult><Deleted><Key>a&amp;b</Key><VersionId>1</VersionId></Deleted>
      <Error><Key>c</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>
      """
    let result = try DeleteObjects.parse(Bytes(utf8: text))
    #expect(result.deleted == ["a&b"])
    #expect(result.failures == [.init(key: "c", providerCode: "AccessDenied", message: "Access Denied")])
    #expect(throws: SternaError.self) {
      try DeleteObjects.parse(Bytes(utf8: "<DeleteResult><Deleted/></DeleteResult>"))
    }
  }

  @Test func theBodiesThatAreSentAreXMLThatIsReadBack() throws {
    let keys = ["a<b>&\"'", "\r\n\t", "é/\u{1F426}", " "]
    var xml = try XMLScanner(DeleteObjects.body(deleting: keys), subject: "test")
    try xml.enterRoot("Delete")
    var read: [String] = []
    while let name = try xml.nextChild() {
      guard name == "Object" else {
        #expect(try xml.text() == "false")
        continue
      }
      while let name = try xml.nextChild() {
        #expect(name == "Key")
        read.append(try xml.text())
      }
    }
    #expect(read == keys)
    #expect(!DeleteObjects.canName("a\u{1}"))
    #expect(
      MultipartUpload.completionBody([.init(number: 1, tag: ETag("x&y")), .init(number: 2, tag: ETag("z"))])
        .utf8String
        == "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        + "<Part><PartNumber>1</PartNumber><ETag>&quot;x&amp;y&quot;</ETag></Part>"
        + "<Part><PartNumber>2</PartNumber><ETag>&quot;z&quot;</ETag></Part></CompleteMultipartUpload>")
  }

  @Test func anUploadHasAnID() throws {
    func parse(_ text: String) throws -> String { try MultipartUpload.parseUploadID(Bytes(utf8: text)) }
    let root = "InitiateMultipartUploadResult"
    #expect(try parse("<\(root)><Bucket>b</Bucket><UploadId>u-1_2.3~</UploadId></\(root)>") == "u-1_2.3~")
    #expect(throws: SternaError.self) { try parse("<\(root)><UploadId/></\(root)>") }
    #expect(throws: SternaError.self) { try parse("<\(root)/>") }
    #expect(throws: SternaError.self) { try parse("<Error><Code>InternalError</Code></Error>") }
  }

  @Test func aCompletionUnderStatus200MayBeAFailure() throws {
    func parse(_ text: String) throws -> MultipartUpload.Completion {
      try MultipartUpload.parseCompletion(Bytes(utf8: text))
    }
    let root = "CompleteMultipartUploadResult"
    #expect(try parse("<\(root)><ETag>\"a-2\"</ETag></\(root)>") == .completed(ETag("a-2")))
    #expect(try parse("<\(root)><ETag></ETag></\(root)>") == .completed(nil))
    #expect(
      try parse("<Error><Code>InternalError</Code><Message>m</Message></Error>")
        == .failed(ServiceErrorBody(code: "InternalError", message: "m")))
    #expect(throws: SternaError.self) { try parse("<html/>") }
    #expect(throws: SternaError.self) { try parse("<\(root)><ETag>\"a-2\"</ETag>") }
  }

  @Test func anErrorIsReadOrIsNone() {
    let text =
      "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region>"
      + "<RequestId>R</RequestId></Error>"
    #expect(
      ServiceErrorBody(Bytes(utf8: text))
        == ServiceErrorBody(code: "AuthorizationHeaderMalformed", region: "eu-west-1", requestID: "R"))
    let wrapped =
      "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredTokenException</Code></Error></ErrorResponse>"
    #expect(ServiceErrorBody(Bytes(utf8: wrapped))?.code == "ExpiredTokenException")
    for text in [
      "", "<html><body>502</body></html>", "<Error><Code>x", "{\"Code\":\"x\"}", "<ErrorResponse/>",
    ] {
      #expect(ServiceErrorBody(Bytes(utf8: text)) == nil)
    }
    let endless = "<Error><Code>x</Code><Message>\(String(repeating: "m", count: 70_000))</Message></Error>"
    #expect(ServiceErrorBody(Bytes(utf8: endless)) == nil)
  }

  @Test(
    arguments: [
      ("", "us-east-1"), ("EU", "eu-west-1"), ("ap-south-2", "ap-south-2"), ("a.evil.example/", nil),
      ("-a", nil),
    ] as [(String, String?)])
  func aBucketsLocationIsARegion(text: String, region: String?) {
    let body = Bytes(utf8: "<LocationConstraint>\(text)</LocationConstraint>")
    #expect((try? BucketLocation.parse(body)) == region)
  }

  @Test func aWebIdentityGetsTemporaryCredentials() throws {
    let text = """
      <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <AssumeRoleWithWebIdentityResult><Audience>a</Audience>
      <AssumedRoleUser><Arn>arn</Arn><AssumedRoleId>id</AssumedRoleId></AssumedRoleUser>
      <Credentials><SessionToken>token==</SessionToken><SecretAccessKey>secret</SecretAccessKey>
      <Expiration>2013-05-24T00:00:00Z</Expiration><AccessKeyId>ASIA</AccessKeyId></Credentials>
      </AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>
      </AssumeRoleWithWebIdentityResponse>
      """
    #expect(
      try WebIdentityResult.parse(Bytes(utf8: text))
        == Credentials(
          accessKeyID: "ASIA", secretAccessKey: Secret("secret"), sessionToken: Secret("token=="),
          expiresAtUnixSeconds: 1_369_353_600))
    let incomplete = text.split(separator: "\n").filter { !$0.contains("Expiration") }.joined()
    #expect(throws: SternaError.self) { try WebIdentityResult.parse(Bytes(utf8: incomplete)) }
  }

  @Test func damagedAnswersAreRefusedOrReadAndNeverTrap() {
    var generator = SeededGenerator.fresh()
    let documents = [
      Self.listing,
      "<DeleteResult><Deleted><Key>a&amp;b</Key></Deleted><Error><Key>c</Key></Error></DeleteResult>",
      "<Error><Code>X</Code><Message>&#65;<![CDATA[<]]></Message><!-- c --></Error>",
    ].map { Array($0.utf8) }
    var refused = 0
    for round in 0..<6_000 {
      let bytes = Bytes(generator.mutate(documents[round % documents.count]))
      if (try? ListBucketResult.parse(bytes)) == nil, (try? DeleteObjects.parse(bytes)) == nil,
        ServiceErrorBody(bytes) == nil
      {
        refused += 1
      }
      _ = try? MultipartUpload.parseCompletion(bytes)
    }
    #expect(refused > 0, "\(generator)")
  }
}
