import SternaBase
import Testing

@testable import S3

@Suite struct S3EndpointTests {
  @Test(arguments: [
    ("http://localhost:9000", "http://localhost:9000"),
    ("HTTPS://S3.Example.Com/", "https://s3.example.com"),
    ("https://h:443", "https://h"), ("http://h:80/", "http://h"), ("https://h:80", "https://h:80"),
    ("http://[::1]:9000", "http://[::1]:9000"),
    ("https://x.example/storage/v1/s3//", "https://x.example/storage/v1/s3"),
    ("http://minio_1:9000", "http://minio_1:9000"),
  ])
  func endpointsAreReadAndNormalized(text: String, normal: String) throws {
    #expect(try S3Endpoint(parsing: text).description == normal)
  }

  @Test(arguments: [
    "", "localhost:9000", "ftp://h", "http://", "http:///x", "http://h:0", "http://h:65536",
    "http://h:9000x", "http://h:-1",
    "http://h:+1", "http://a b", "http://h?x=1", "http://h#x", "http://h/a b", "http://h/\u{e9}",
    "http://\u{e9}", "http://[::1",
    "http://[h]", "http://[]", "http://[::1]x", "http://.h", "http://h..i", "http://-h", "http://h\n",
    "http://h/\r\nx",
    "http://h:99999999999999999999", "://h",
  ])
  func whatCannotBePutInAURLIsRefused(text: String) {
    #expect(throws: SternaError.self) { try S3Endpoint(parsing: text) }
  }

  @Test func aPasswordInAnEndpointIsRefusedAndNotRepeated() {
    let error = #expect(throws: SternaError.self) { try S3Endpoint(parsing: "https://user:hunter2@h") }
    #expect(error.map { !"\($0)".contains("hunter2") } == true)
  }

  @Test(arguments: [
    ("localhost", true), ("a.localhost", true), ("127.0.0.1", true), ("127.8.9.10", true), ("[::1]", true),
    ("127.0.0.1.evil.example", false), ("127.evil.example", false), ("localhost.evil.example", false),
    ("10.0.0.1", false),
    ("127.1", false), ("127.0.0.256", false), ("128.0.0.1", false), ("notlocalhost", false),
    ("[::2]", false),
  ])
  func onlyWhatCannotLeaveTheMachineIsLoopback(host: String, isLoopback: Bool) throws {
    #expect(try S3Endpoint(parsing: "http://\(host):9000").isLoopback == isLoopback)
  }
}

@Suite struct S3URLTests {
  private func url(_ endpoint: String, _ bucket: String = "my-bucket", _ addressing: S3Addressing = .auto)
    throws -> S3URL
  {
    S3URL(endpoint: try S3Endpoint(parsing: endpoint), bucket: bucket, addressing: addressing)
  }

  @Test func bucketsAreHostsOnAWSAndPathsElsewhere() throws {
    let aws = "https://s3.eu-west-1.amazonaws.com"
    #expect(try url(aws).object("k") == "https://my-bucket.s3.eu-west-1.amazonaws.com/k")
    #expect(try url(aws).bucket() == "https://my-bucket.s3.eu-west-1.amazonaws.com/")
    #expect(try url(aws, "my.bucket").object("k") == aws + "/my.bucket/k")
    #expect(try url(aws, "My_Bucket").object("k") == aws + "/My_Bucket/k")
    #expect(try url(aws + ":8443").object("k") == aws + ":8443/my-bucket/k")
    #expect(try url(aws, "my-bucket", .path).bucket() == aws + "/my-bucket")
    for host in [
      "http://localhost:9000", "http://127.0.0.1:9000", "https://s3.example.com",
      "https://amazonaws.com.evil.example",
    ] {
      #expect(try url(host).object("k") == host + "/my-bucket/k")
    }
    #expect(
      try url("https://s3.example.com:8443/base", "b-b", .virtual).object("k")
        == "https://b-b.s3.example.com:8443/base/k")
    #expect(S3Endpoint.aws(region: "cn-north-1").description == "https://s3.cn-north-1.amazonaws.com.cn")
  }

  @Test(arguments: [
    ("a b+c", "a%20b%2Bc"), ("a//b", "a//b"), ("/a/", "/a/"), ("./a/../b", "./a/../b"), ("%41", "%2541"),
    ("~-._", "~-._"),
    ("é\u{1F426}", "%C3%A9%F0%9F%90%A6"), ("e\u{301}", "e%CC%81"), ("a?b#c&d=e", "a%3Fb%23c%26d%3De"),
    ("*'()!@:;,$", "%2A%27%28%29%21%40%3A%3B%2C%24"),
    ("\n\u{0}\u{7f}", "%0A%00%7F"), ("\\|^`{}[]<>\"", "%5C%7C%5E%60%7B%7D%5B%5D%3C%3E%22"),
  ])
  func keysAreEncodedOnceAndNeverNormalized(key: String, encoded: String) throws {
    #expect(try url("http://h").object(key) == "http://h/my-bucket/" + encoded)
  }

  @Test func queriesAreEncodedAndSorted() throws {
    let items = [
      QueryItem("prefix", "a/b c+é"), QueryItem("uploads"), QueryItem("list-type", "2"), QueryItem("a", ""),
    ]
    #expect(
      try url("http://h").bucket(items)
        == "http://h/my-bucket?a=&list-type=2&prefix=a%2Fb%20c%2B%C3%A9&uploads")
  }
}
