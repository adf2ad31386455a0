import SternaBase
import TestSupport
import Testing

@testable import S3

@Suite struct S3ConfigurationTests {
  private static let config = """
    [default]
    region = profile-region
    ca_bundle = ~/profile.pem
    max_attempts = 4
    endpoint_url = https://profile.example
    s3 =
      addressing_style = path
    """

  private func configuration(
    _ variables: [String: String] = [:], hasProfile: Bool = false,
    _ change: (inout S3Options) -> Void = { _ in }
  ) throws -> S3Configuration {
    var options = S3Options()
    change(&options)
    return try S3Configuration(
      bucket: "my-bucket", options: options,
      process: .double(
        variables.merging(["HOME": "/h"]) { $1 }, files: hasProfile ? ["/h/.aws/config": Self.config] : [:])
    )
  }

  @Test func whatNobodySaysHasADefault() throws {
    #expect(try configuration() == S3Configuration(bucket: "my-bucket"))
    #expect(try configuration().region == "us-east-1")
    #expect(try configuration().attemptCountMax == 8)
  }

  @Test func optionThenEnvironmentThenProfile() throws {
    var variables = [
      "AWS_REGION": "env-region", "AWS_DEFAULT_REGION": "env-default",
      "AWS_ENDPOINT_URL_S3": "https://s3.env.example",
      "AWS_ENDPOINT_URL": "https://env.example", "AWS_CA_BUNDLE": "/env.pem", "SSL_CERT_FILE": "/ssl.pem",
      "AWS_MAX_ATTEMPTS": "5",
      "AWS_RETRY_MODE": "Adaptive",
    ]
    let options = try configuration(variables, hasProfile: true) {
      $0.region = "option-region"
      $0.endpoint = "https://option.example"
      $0.caBundle = "/option.pem"
      $0.maxAttempts = 6
      $0.addressing = .virtual
    }
    #expect(options.region == "option-region")
    #expect(options.endpoint?.host == "option.example")
    #expect(options.certificateBundlePath == "/option.pem")
    #expect(options.attemptCountMax == 6)
    #expect(options.addressing == .virtual)

    let environment = try configuration(variables, hasProfile: true)
    #expect(environment.region == "env-region")
    #expect(environment.endpoint?.host == "s3.env.example")
    #expect(environment.certificateBundlePath == "/env.pem")
    #expect(environment.attemptCountMax == 5)
    #expect(environment.retryMode == .adaptive)

    variables["AWS_REGION"] = nil
    variables["AWS_ENDPOINT_URL_S3"] = nil
    variables["AWS_CA_BUNDLE"] = ""
    #expect(try configuration(variables, hasProfile: true).region == "env-default")
    #expect(try configuration(variables, hasProfile: true).endpoint?.host == "env.example")
    #expect(try configuration(variables).certificateBundlePath == "/ssl.pem")

    let profile = try configuration(hasProfile: true)
    #expect(profile.region == "profile-region")
    #expect(profile.endpoint?.host == "profile.example")
    #expect(profile.certificateBundlePath == "/h/profile.pem")
    #expect(profile.attemptCountMax == 4)
    #expect(profile.addressing == .path)
  }

  @Test func plainHTTPIsForThisMachineUnlessAllowed() throws {
    #expect(try configuration { $0.endpoint = "http://localhost:9000" }.endpoint?.port == 9000)
    let error = #expect(throws: SternaError.self) {
      try configuration(["AWS_ENDPOINT_URL": "http://minio:9000"])
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.advice?.contains("allow_http") == true)
    let allowed = try configuration {
      $0.endpoint = "http://minio:9000"
      $0.allowHTTP = true
    }
    #expect(allowed.allowsPlainHTTP)
  }

  @Test func keysAreGivenInPairs() throws {
    let fixed = try configuration {
      $0.accessKeyID = "id"
      $0.secretAccessKey = Secret("hidden")
      $0.sessionToken = Secret("hidden")
    }
    #expect(
      fixed.credentials
        == .fixed(
          Credentials(accessKeyID: "id", secretAccessKey: Secret("hidden"), sessionToken: Secret("hidden")))
    )
    #expect(!"\(fixed)".contains("hidden"))
    #expect(throws: SternaError.self) { try configuration { $0.accessKeyID = "id" } }
    #expect(throws: SternaError.self) { try configuration { $0.secretAccessKey = Secret("s") } }
    #expect(throws: SternaError.self) { try configuration { $0.sessionToken = Secret("s") } }
  }

  @Test func credentialsComeFromTheSourceThatWasSettled() async throws {
    func found(_ configuration: S3Configuration) async throws -> Credentials? {
      let process = ProcessEnvironment.double(["AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": "s"])
      let provider = configuration.credentialsProvider(
        transport: ServiceDouble.unreachable, environment: .live, process: process)
      return try await provider.credentials()
    }
    let keys = Credentials.keys("option")
    #expect(try await found(S3Configuration(bucket: "my-bucket", credentials: .fixed(keys))) == keys)
    #expect(try await found(S3Configuration(bucket: "my-bucket"))?.accessKeyID == "env")
  }

  @Test func anAddressHasNoVirtualHosts() {
    #expect(throws: SternaError.self) {
      try configuration {
        $0.endpoint = "http://127.0.0.1:9000"
        $0.addressing = .virtual
      }
    }
  }

  @Test func aMissingProfileMattersOnlyWhenItIsNeeded() throws {
    #expect(throws: SternaError.self) { try configuration { $0.profile = "nobody" } }
    #expect(throws: SternaError.self) { try configuration(["AWS_PROFILE": "nobody"]) }
    let keys = try configuration(["AWS_PROFILE": "nobody"]) {
      $0.accessKeyID = "id"
      $0.secretAccessKey = Secret("s")
    }
    #expect(keys.region == "us-east-1")
  }

  @Test(arguments: [
    "", "ab", "a/b", "a b", "..", ".abc", "-abc", "a?b", "a#b", "a%b", "é-bucket", "a\nb", "a:b",
    String(repeating: "a", count: 256),
  ])
  func aBucketsNameIsSafeInAURL(bucket: String) {
    #expect(throws: SternaError.self) { try S3Configuration(bucket: bucket, process: .double()) }
  }

  @Test(arguments: [
    ("AWS_MAX_ATTEMPTS", "many"), ("AWS_MAX_ATTEMPTS", "0"), ("AWS_RETRY_MODE", "never"),
    ("AWS_REGION", "evil.example/"),
    ("AWS_ENDPOINT_URL", "localhost:9000"),
  ])
  func aVariableThatMeansNothingIsAnError(name: String, value: String) {
    #expect(throws: SternaError.self) { try configuration([name: value]) }
  }

  @Test func optionsAreSetByTheirNames() throws {
    var options = S3Options()
    let values = [
      "endpoint": "e", "region": "r", "profile": "p", "access_key_id": "a", "secret_access_key": "s",
      "session_token": "t",
      "addressing": "Path", "ca_bundle": "c", "allow_http": "true", "max_attempts": "3",
    ]
    for (name, value) in values { #expect(try options.set(name, to: value)) }
    var expected = S3Options()
    expected.endpoint = "e"
    expected.region = "r"
    expected.profile = "p"
    expected.accessKeyID = "a"
    expected.secretAccessKey = Secret("s")
    expected.sessionToken = Secret("t")
    expected.addressing = .path
    expected.caBundle = "c"
    expected.allowHTTP = true
    expected.maxAttempts = 3
    #expect(options == expected)
    #expect(try !options.set("single_writer", to: "true"))
    for (name, value) in [("addressing", "x"), ("allow_http", "maybe"), ("max_attempts", "0")] {
      #expect(throws: SternaError.self) { try options.set(name, to: value) }
    }
  }
}

@Suite struct S3StoreURITests {
  @Test(arguments: [
    ("s3://bucket", "bucket", ""), ("s3://bucket/", "bucket", ""), ("s3://bucket/a/b/", "bucket", "a/b"),
    ("s3://bucket//a//b//", "bucket", "a//b"),
    ("s3://bucket/a:b/é %20", "bucket", "a:b/é %20"),
  ])
  func aBucketAndAPrefix(text: String, bucket: String, prefix: String) throws {
    #expect(
      try S3StoreURI(parsing: text)
        == S3StoreURI(bucket: bucket, prefix: prefix, options: S3Options(), warnings: []))
  }

  @Test(arguments: [
    "", "bucket", "http://bucket", "s3:/bucket", "s3://", "s3:///a", "s3://bucket?x=1", "s3s://bucket",
    "s3://localhost:9000/bucket", "s3://b\n",
    "s3://h:b?port", "s3://h:b?unknown=1", "s3://h:b?port=x", "s3://h:b?aws_auth=sts", "s3://:b",
    "s3://user:pw@h:b",
  ])
  func anythingElseIsRefused(text: String) {
    let error = #expect(throws: SternaError.self) { try S3StoreURI(parsing: text) }
    #expect(error?.code == .invalidArgument)
    #expect(error.map { !"\($0)".contains("pw@") } == true)
  }

  @Test func theFormOfArcticDBIsReadWithAWarning() throws {
    let uri = try S3StoreURI(
      parsing:
        "s3://localhost:my-bucket?port=9000&region=eu-west-2&access=id&secret=a+b%2F=&path_prefix=/prod/&"
        + "use_virtual_addressing=false;CA_cert_path=/c.pem")
    #expect(uri.bucket == "my-bucket")
    #expect(uri.prefix == "prod")
    #expect(uri.options.endpoint == "http://localhost:9000")
    #expect(uri.options.region == "eu-west-2")
    #expect(uri.options.accessKeyID == "id")
    #expect(uri.options.secretAccessKey == Secret("a+b%2F="))
    #expect(uri.options.addressing == .path)
    #expect(uri.options.caBundle == "/c.pem")
    #expect(uri.warnings.count == 2)
    #expect(!"\(uri)".contains("a+b"))
  }

  @Test func theSchemeOfArcticDBSaysWhetherThereIsTLS() throws {
    func endpoint(_ uri: String) throws -> String? { try S3StoreURI(parsing: uri).options.endpoint }
    #expect(try endpoint("s3s://minio.example:bkt") == "https://minio.example")
    #expect(try endpoint("s3://minio.example:bkt?port=9000") == "http://minio.example:9000")
    #expect(try endpoint("s3://minio.example:bkt?ssl=true") == "https://minio.example")
    #expect(
      try endpoint("s3://s3.eu-west-2.amazonaws.com:bkt?aws_auth=true")
        == "https://s3.eu-west-2.amazonaws.com")
    #expect(try endpoint("s3://[::1]:bkt?port=9000") == "http://[::1]:9000")
    #expect(try S3StoreURI(parsing: "s3s://h.example:bkt").warnings.count == 1)
  }

  @Test func damagedURIsAreReadOrRefusedAndNeverTrap() {
    var generator = SeededGenerator.fresh()
    let originals = [
      "s3://[::1]:bucket?port=9000&secret=x;path_prefix=/a/", "s3://bucket/a/b",
      "http://user@h:9000/base?x#y",
    ]
    .map { Array($0.utf8) }
    var refused = 0
    for round in 0..<10_000 {
      let text = String(decoding: generator.mutate(originals[round % originals.count]), as: UTF8.self)
      if (try? S3StoreURI(parsing: text)) == nil { refused += 1 }
      if let endpoint = try? S3Endpoint(parsing: text) {
        #expect((try? S3Endpoint(parsing: endpoint.description)) == endpoint, "\(generator) \(text)")
      }
    }
    #expect(refused > 0, "\(generator)")
  }
}
