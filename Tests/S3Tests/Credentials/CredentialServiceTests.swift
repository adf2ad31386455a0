import SternaBase
import Testing

@testable import S3

private let document = """
  {"Code":"Success","AccessKeyId":"ASIA","SecretAccessKey":"secret","Token":"token",
  "Expiration":"2013-05-24T00:00:00Z"}
  """
private let expected = Credentials(
  accessKeyID: "ASIA", secretAccessKey: Secret("secret"), sessionToken: Secret("token"),
  expiresAtUnixSeconds: 1_369_353_600)

@Suite struct ContainerCredentialsTests {
  private func url(_ variables: [String: String]) throws -> String? {
    try ContainerCredentials(.double(.double(variables))).url()
  }

  @Test(arguments: [
    "https://agent.example/v1?x=1", "http://localhost:8080/c", "http://127.0.0.1/c", "http://[::1]:80/c",
    "http://169.254.170.2/c",
    "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/c",
  ])
  func aFullURIMayUseTLSOrStayOnTheHost(text: String) throws {
    #expect(try url(["AWS_CONTAINER_CREDENTIALS_FULL_URI": text])?.contains(":80/") == false)
  }

  @Test(arguments: [
    "http://agent.example/c", "http://169.254.169.254/c", "http://127.0.0.1.evil.example/c",
    "http://10.0.0.1/c", "ftp://localhost/c",
    "localhost", "http://user@localhost/c", "http://localhost/a b", "http://evil.example#@localhost/",
    "http://localhost\r\nX: y/",
    "http://localhost@evil.example/", "http:\\\\localhost/",
  ])
  func anyOtherFullURIIsRefused(text: String) {
    let error = #expect(throws: SternaError.self) { try url(["AWS_CONTAINER_CREDENTIALS_FULL_URI": text]) }
    #expect(error?.code == .credentials)
  }

  @Test func aRelativeURIIsAPathOfTheAgent() throws {
    #expect(
      try url(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x?id=1"]) == "http://169.254.170.2/v2/x?id=1")
    for text in ["@evil.example/", "v2/x", ".evil.example/", "/a b", "/a\r\n"] {
      #expect(throws: SternaError.self) { try url(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": text]) }
    }
    #expect(try url([:]) == nil)
  }

  @Test func theAgentIsAskedWithTheTokenOfTheFileFirst() async throws {
    let service = ServiceDouble { _ in .text(document) }
    var variables = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": "direct",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
    ]
    func ask() async throws -> Credentials? {
      let process = ProcessEnvironment.double(variables, files: ["/token": "from-file\n"])
      return try await ContainerCredentials(.double(process, transport: service)).credentials()
    }
    #expect(try await ask() == expected)
    variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = nil
    #expect(try await ask() == expected)
    variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = nil
    #expect(try await ask() == expected)
    #expect(service.requests.map { $0.header("Authorization") } == ["from-file", "direct", nil])
    variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "a\r\nX-Evil: 1"
    await #expect(throws: SternaError.self) { try await ask() }
    #expect(service.requests.count == 3)
  }

  @Test func anAnswerThatIsNoneIsAnErrorThatShowsNoSecret() async {
    for text in [
      "", "[]", "{}", #"{"AccessKeyId":"a","SecretAccessKey":7}"#,
      #"{"AccessKeyId":"a","SecretAccessKey":"hidden","Expiration":"soon"}"#, #"{"Code":"Failed"}"#,
    ] {
      let services = CredentialServices.double(
        .double(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"]),
        transport: ServiceDouble { _ in .text(text) })
      let error = await #expect(throws: SternaError.self) {
        try await ContainerCredentials(services).credentials()
      }
      #expect(error?.code == .credentials)
      #expect("\(error!)".contains("hidden") == false)
    }
  }
}

@Suite struct InstanceMetadataCredentialsTests {
  private static let service = ServiceDouble { request in
    switch (request.method, request.url) {
    case ("PUT", "http://169.254.169.254/latest/api/token"): return .text("session\n")
    case ("GET", "http://169.254.169.254/latest/meta-data/iam/security-credentials/"):
      return .text("my role\n")
    case ("GET", "http://169.254.169.254/latest/meta-data/iam/security-credentials/my%20role"):
      return request.header("x-aws-ec2-metadata-token") == "session"
        ? .text(document) : .text("", status: 401)
    default: return .text("", status: 404)
    }
  }

  @Test func aSessionTokenComesFirstThenTheRoleThenItsCredentials() async throws {
    let services = CredentialServices.double(transport: Self.service)
    #expect(try await InstanceMetadataCredentials(services).credentials() == expected)
    #expect(Self.service.requests.first?.header("x-aws-ec2-metadata-token-ttl-seconds") == "21600")
    #expect(Self.service.requests.allSatisfy { $0.timeoutMilliseconds == 1_000 })
  }

  @Test func outsideOfAnInstanceThereAreNoneAfterOneAttempt() async throws {
    let service = ServiceDouble { _ in throw SternaError(.unavailable, "timed out", retry: .transient) }
    #expect(try await InstanceMetadataCredentials(.double(transport: service)).credentials() == nil)
    #expect(service.requests.count == 1)
    let stranger = ServiceDouble { _ in .text("<html>", status: 405) }
    #expect(try await InstanceMetadataCredentials(.double(transport: stranger)).credentials() == nil)
    let evil = ServiceDouble { _ in .text("a\r\nX-Evil: 1") }
    #expect(try await InstanceMetadataCredentials(.double(transport: evil)).credentials() == nil)
  }

  @Test func anInstanceWithoutARoleHasNone() async throws {
    let service = ServiceDouble { $0.method == "PUT" ? .text("session") : .text("", status: 404) }
    #expect(try await InstanceMetadataCredentials(.double(transport: service)).credentials() == nil)
  }

  @Test func aRoleThatIsThereAndBrokenIsAnError() async {
    for (roles, role) in [(500, 200), (200, 404), (200, 429)] {
      let service = ServiceDouble { request in
        if request.method == "PUT" { return .text("session") }
        return request.url.hasSuffix("/") ? .text("role", status: roles) : .text("{}", status: role)
      }
      let provider = InstanceMetadataCredentials(.double(transport: service))
      let error = await #expect(throws: SternaError.self) { try await provider.credentials() }
      #expect(error?.code == .credentials)
      #expect(error?.retry == (role == 404 ? .never : .transient))
    }
  }

  @Test(arguments: [
    (
      ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1338/"],
      "http://127.0.0.1:1338/latest/api/token"
    ),
    (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], "http://[fd00:ec2::254]/latest/api/token"),
  ])
  func theServiceIsWhereTheVariablesSay(variables: [String: String], url: String) async throws {
    let service = ServiceDouble { _ in .text("", status: 404) }
    _ = try await InstanceMetadataCredentials(.double(.double(variables), transport: service)).credentials()
    #expect(service.requests.map(\.url) == [url])
  }

  @Test func theServiceIsNotAskedWhenDisabled() async throws {
    let services = CredentialServices.double(
      .double(["AWS_EC2_METADATA_DISABLED": "TRUE"]), transport: Self.service)
    #expect(try await InstanceMetadataCredentials(services).credentials() == nil)
  }
}

@Suite struct WebIdentityCredentialsTests {
  private static let variables = [
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/r",
    "AWS_ROLE_SESSION_NAME": "me",
  ]

  @Test func theTokenIsExchangedAtTheRegionsService() async throws {
    let service = ServiceDouble { _ in
      .text(
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
          + "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
          + "<SessionToken>token</SessionToken>"
          + "<Expiration>2013-05-24T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>"
          + "</AssumeRoleWithWebIdentityResponse>")
    }
    let process = ProcessEnvironment.double(Self.variables, files: ["/token": "ey.J+/="])
    #expect(
      try await WebIdentityCredentials(.double(process, transport: service)).credentials() == expected)
    let request = try #require(service.requests.first)
    #expect(request.method == "POST")
    #expect(request.url == "https://sts.eu-west-1.amazonaws.com/")
    #expect(
      request.body.utf8String
        == "Action=AssumeRoleWithWebIdentity&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"
        + "&RoleSessionName=me&Version=2011-06-15&WebIdentityToken=ey.J%2B%2F%3D")
  }

  @Test func incompleteSettingsAreErrorsAndNoneAreNone() async throws {
    #expect(try await WebIdentityCredentials(.double()).credentials() == nil)
    func refused(_ variables: [String: String], _ files: [String: String] = ["/token": "t"]) async -> Bool {
      let provider = WebIdentityCredentials(.double(.double(variables, files: files)))
      return await #expect(throws: SternaError.self) { try await provider.credentials() }?.code
        == .credentials
    }
    #expect(await refused(["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"]))
    #expect(await refused(Self.variables, [:]))
    #expect(await refused(Self.variables, ["/token": ""]))
    #expect(await refused(Self.variables, ["/token": "two\nlines"]))
    #expect(await refused(Self.variables.merging(["AWS_ENDPOINT_URL_STS": "http://sts.example"]) { $1 }))
  }
}

@Suite struct CredentialsChainTests {
  private func chain(
    _ variables: [String: String], files: [String: String] = [:], profile: String? = nil,
    transport: any HTTPTransport = ServiceDouble.unreachable
  ) -> CredentialsChain {
    .standard(
      profile: profile, region: "eu-west-1", transport: transport, environment: .live,
      process: .double(variables, files: files))
  }

  private static let keys = [
    "AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
  ]
  private static let files = ["/c": "[default]\naws_access_key_id=file\naws_secret_access_key=s"]
  private static let container = [
    "AWS_SHARED_CREDENTIALS_FILE": "/c", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x",
  ]

  @Test func environmentThenProfileThenContainerThenInstance() async throws {
    let agent = ServiceDouble { _ in .text(document) }
    let both = Self.keys.merging(Self.container) { $1 }
    let first = try await chain(both, files: Self.files, transport: agent).credentials()
    #expect(
      first == Credentials(accessKeyID: "env", secretAccessKey: Secret("s"), sessionToken: Secret("t")))
    #expect(
      try await chain(Self.container, files: Self.files, transport: agent).credentials()?.accessKeyID
        == "file")
    #expect(agent.requests.isEmpty)
    #expect(try await chain(Self.container, transport: agent).credentials() == expected)
    #expect(try await chain([:]).credentials() == nil)
  }

  @Test func aProfileNamedInAnOptionComesBeforeTheEnvironment() async throws {
    let variables = Self.keys.merging(Self.container) { $1 }
    #expect(
      try await chain(variables, files: Self.files, profile: "default").credentials()?.accessKeyID == "file"
    )
  }

  @Test func aSourceThatIsConfiguredAndBrokenIsNotSkipped() async {
    for half in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
      let variables = [half: "x"].merging(Self.container) { $1 }
      let error = await #expect(throws: SternaError.self) {
        try await chain(variables, files: Self.files).credentials()
      }
      #expect(error?.advice?.contains("both") == true)
    }
  }

  @Test func theSourceThatAnsweredIsAskedAgain() async throws {
    let agent = ServiceDouble { _ in .text(document) }
    let chain = chain(Self.container, transport: agent)
    _ = try await chain.credentials()
    _ = try await chain.credentials()
    #expect(agent.requests.count == 2)
  }

  @Test func aVariableSetToNothingIsNotSet() async throws {
    let variables = ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""].merging(Self.container) { $1 }
    #expect(try await chain(variables, files: Self.files).credentials()?.accessKeyID == "file")
  }
}
