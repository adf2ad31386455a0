internal import SternaBase

extension S3StoreURI {
  /// Reads ArcticDB's form, so that its users move over with the URI they have.
  init(arctic place: Substring, query: Substring, uri: String) throws(SternaError) {
    guard let colon = place.lastIndex(of: ":") else { throw Self.invalid(uri, "HOST:BUCKET wanted") }
    let bucket = place[place.index(after: colon)...]
    guard !bucket.contains("/") else {
      throw Self.invalid(uri, "a port is given as part of the endpoint option, not here")
    }
    let parameters = try Self.parameters(query, of: uri)
    self.init(
      bucket: String(bucket), prefix: Self.trimmingSlashes(parameters["path_prefix"] ?? ""),
      options: S3Options(), warnings: [])
    try setOptions(parameters, uri: uri)
    options.endpoint = try Self.endpoint(String(place[..<colon]), parameters, uri: uri)
    warnings.append(
      "This is the URI form of ArcticDB; write s3://\(bucket)\(prefix.isEmpty ? "" : "/" + prefix) "
        + "with the endpoint as an option.")
    if options.accessKeyID != nil || options.secretAccessKey != nil {
      warnings.append(
        "Secrets in a URI end up in shell histories and logs; give them as options, in the environment, "
          + "or in a profile.")
    }
  }

  private mutating func setOptions(_ parameters: [String: String], uri: String) throws(SternaError) {
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      switch name {
      case "port", "ssl", "path_prefix": break
      case "region": options.region = value
      case "access": options.accessKeyID = value
      case "secret": options.secretAccessKey = Secret(value)
      case "aws_profile": options.profile = value
      case "CA_cert_path": options.caBundle = value
      case "use_virtual_addressing":
        options.addressing = try S3Options.bool(name, value) ? .virtual : .path
      case "aws_auth":
        // Both mean what happens anyway when no keys are given: the sources that AWS users expect.
        guard ["default", "true"].contains(value.lowercased()) else {
          throw Self.invalid(uri, "aws_auth=\(value) is not supported")
        }
      default: throw Self.invalid(uri, "the parameter '\(name.prefix(40))' is not known")
      }
    }
  }

  /// ArcticDB speaks http unless it is told otherwise; AWS's own hosts are asked over TLS all the same.
  private static func endpoint(
    _ host: String, _ parameters: [String: String], uri: String
  ) throws(SternaError) -> String {
    let isAWS = host.lowercased().hasSuffix(".amazonaws.com")
    let saysTLS = try parameters["ssl"].map { (text) throws(SternaError) in try S3Options.bool("ssl", text)
    }
    let scheme = saysTLS ?? (uri.hasPrefix("s3s://") || isAWS) ? "https" : "http"
    let port = parameters["port"].map { ":\($0)" } ?? ""
    return try S3Endpoint(parsing: "\(scheme)://\(host)\(port)").description
  }

  /// ArcticDB decodes nothing: a plus or a percent sign in a secret is itself.
  private static func parameters(_ query: Substring, of uri: String) throws(SternaError) -> [String: String]
  {
    var parameters: [String: String] = [:]
    for item in query.split(whereSeparator: { $0 == "&" || $0 == ";" }) {
      guard let equals = item.firstIndex(of: "=") else {
        throw invalid(uri, "a parameter has no value")
      }
      parameters[String(item[..<equals])] = String(item[item.index(after: equals)...])
    }
    return parameters
  }
}
