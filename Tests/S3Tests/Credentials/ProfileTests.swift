import SternaBase
import TestSupport
import Testing

@testable import S3

@Suite struct ProfileDocumentTests {
  private func parse(_ text: String) throws -> ProfileDocument {
    try ProfileDocument(parsing: Bytes(utf8: text), path: "file")
  }

  @Test func sectionsSettingsCommentsAndNestedSettings() throws {
    let document = try parse(
      """
      # comment
      ; comment
      [default]
      Region=eu-west-1
      aws_secret_access_key = a/b+c#d;e=f==  ; a comment behind white space
      empty =
      [profile  "my name"] # note
      s3 =
        addressing_style = path
        max_concurrent_requests=5
      \tendpoint_url = http://h
      text = one
        two
      region = x
      [default]
      output=json
      region = later
      """)
    #expect(Set(document.sections.keys) == ["default", "profile my name"])
    let standard = document.sections["default"]
    #expect(standard?["region"]?.value == "later")
    #expect(standard?["output"]?.value == "json")
    #expect(standard?["empty"]?.value == "")
    #expect(standard?["aws_secret_access_key"]?.value == "a/b+c#d;e=f==")
    let other = document.sections["profile my name"]
    #expect(
      other?["s3"]?.nested
        == ["addressing_style": "path", "max_concurrent_requests": "5", "endpoint_url": "http://h"])
    #expect(other?["text"]?.value == "one\ntwo")
    #expect(other?["region"]?.value == "x")
  }

  @Test func linesMayEndAsOnWindows() throws {
    let document = try parse("[a]\r\nx = 1\r\ny = 2\r\n")
    #expect(document.sections["a"]?.mapValues(\.value) == ["x": "1", "y": "2"])
  }

  @Test(arguments: ["x = 1", "[a\nx = 1", "[a]\nsecret-without-equals", "[a]\n= 1"])
  func whatIsMalformedIsNamedByLineAndNotRepeated(text: String) {
    let error = #expect(throws: SternaError.self) { try parse(text) }
    #expect(error?.code == .credentials)
    #expect(error?.message.contains("'file', line") == true)
    #expect(error?.message.contains("secret-without") == false)
  }

  @Test func damagedFilesAreReadOrRefusedAndNeverTrap() {
    var generator = SeededGenerator.fresh()
    let original = Array("[profile a]\nx = 1 # c\ns3 =\n  y = \"2\n[b]\r\n; c\nz=é\n".utf8)
    var refused = 0
    for _ in 0..<10_000 {
      let bytes = generator.mutate(original)
      if (try? ProfileDocument(parsing: Bytes(bytes), path: "f")) == nil { refused += 1 }
    }
    #expect(refused > 0, "\(generator)")
  }
}

@Suite struct ProfileTests {
  private static let files = [
    "/user/.aws/config": """
    [default]
    region = from-default
    [profile dev]
    region = eu-west-1
    services = local
    aws_access_key_id = config-id
    aws_secret_access_key = config-secret
    endpoint_url = http://general
    [services local]
    s3 =
      endpoint_url = http://localhost:9000
    [profile role]
    role_arn = arn
    source_profile = dev
    [profile login]
    sso_session = x
    [profile web]
    web_identity_token_file = ~/token
    role_arn = arn:aws:iam::1:role/r
    [profile program]
    credential_process = /bin/helper --profile "a b"
    [profile half]
    aws_access_key_id = id
    """,
    "/user/.aws/credentials": """
    [dev]
    aws_access_key_id = file-id
    aws_secret_access_key = file-secret
    aws_session_token = file-token
    [only]
    aws_access_key_id = only-id
    aws_secret_access_key = only-secret
    """,
    "/user/token": "web-token\n",
  ]

  private func process(_ variables: [String: String] = [:]) -> ProcessEnvironment {
    .double(variables.merging(["HOME": "/user"]) { $1 }, files: Self.files)
  }

  private func credentials(_ profile: String?, _ variables: [String: String] = [:]) async throws
    -> Credentials?
  {
    try await ProfileCredentials(name: profile, services: .double(process(variables))).credentials()
  }

  @Test func theCredentialsFileHasPrecedence() async throws {
    let found = try await credentials("dev")
    #expect(found?.accessKeyID == "file-id")
    #expect(found?.secretAccessKey == Secret("file-secret"))
    #expect(found?.sessionToken == Secret("file-token"))
    #expect(try await credentials("only")?.accessKeyID == "only-id")
    #expect(try await credentials(nil, ["AWS_PROFILE": "only"])?.accessKeyID == "only-id")
  }

  @Test func aProfileMayHaveOnlySettings() async throws {
    #expect(try await credentials(nil) == nil)
    #expect(try Profile.load(nil, process())?["region"] == "from-default")
    #expect(try Profile.load("dev", process())?.s3EndpointURL == "http://localhost:9000")
    await #expect(throws: SternaError.self) { try await credentials("default") }
  }

  @Test func aNamedProfileMustExistAndTheStandardOneNeedNot() async throws {
    #expect(try Profile.load(nil, .double(["HOME": "/nowhere"])) == nil)
    #expect(throws: SternaError.self) { try Profile.load("nobody", process()) }
    #expect(throws: SternaError.self) { try Profile.load(nil, process(["AWS_PROFILE": "nobody"])) }
  }

  @Test func filesAreWhereTheVariablesSay() throws {
    let process = ProcessEnvironment.double(
      ["AWS_CONFIG_FILE": "/c", "AWS_SHARED_CREDENTIALS_FILE": "~/s", "HOME": "/h"],
      files: ["/c": "[default]\nregion=one", "/h/s": "[default]\naws_access_key_id=two"])
    let profile = try Profile.load(nil, process)
    #expect(profile?["region"] == "one")
    #expect(profile?["aws_access_key_id"] == "two")
  }

  @Test func whatCannotBeDoneIsSaidWithAWayOut() async {
    for name in ["role", "login"] {
      let error = await #expect(throws: SternaError.self) { try await credentials(name) }
      #expect(error?.advice?.contains("export-credentials --profile \(name)") == true)
    }
    let error = await #expect(throws: SternaError.self) { try await credentials("half") }
    #expect(error?.message.contains("only one") == true)
  }

  @Test func aProfileMayExchangeATokenOrRunAProgram() async throws {
    let service = ServiceDouble { _ in
      .text("<ErrorResponse><Error><Code>IDPRejectedClaim</Code></Error></ErrorResponse>", status: 403)
    }
    let services = CredentialServices.double(process(), transport: service)
    let error = await #expect(throws: SternaError.self) {
      try await ProfileCredentials(name: "web", services: services).credentials()
    }
    #expect(error?.providerCode == "IDPRejectedClaim")
    #expect(service.requests.first?.body.utf8String?.contains("WebIdentityToken=web-token") == true)

    var helper = process()
    helper.runProgram = { call in
      #expect(call.arguments == ["/bin/helper", "--profile", "a b"])
      return ProgramResult(
        exitCode: 0,
        output: Bytes(utf8: #"{"Version":1,"AccessKeyId":"a","SecretAccessKey":"b","SessionToken":"c"}"#))
    }
    let found = try await ProfileCredentials(name: "program", services: .double(helper)).credentials()
    #expect(found == Credentials(accessKeyID: "a", secretAccessKey: Secret("b"), sessionToken: Secret("c")))
  }
}
