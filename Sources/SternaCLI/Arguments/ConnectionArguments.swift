import ArgumentParser
import Sterna

extension StoreOptions.Addressing: ExpressibleByArgument {}

/// How to reach a store. Secrets have no option here: arguments are visible to everybody on the machine.
struct ConnectionArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The S3 service, https://host[:port]; default: AWS_ENDPOINT_URL_S3, or AWS.", valueName: "url"))
  var endpoint: String?

  @Option(help: "The bucket's region; default: AWS_REGION, or the profile's.")
  var region: String?

  @Option(help: "The profile in ~/.aws to take credentials from; default: AWS_PROFILE.")
  var profile: String?

  @Option(help: "How the bucket is named in requests.")
  var addressing = StoreOptions.Addressing.auto

  @Option(
    name: .customLong("ca-bundle"),
    help: ArgumentHelp(
      "Certificate authorities to trust; default: AWS_CA_BUNDLE, or the system's.", valueName: "file"),
    completion: .file())
  var certificateAuthorityFile: String?

  @Flag(
    name: .customLong("allow-http"),
    help: "Use plain http also to other machines: data can be read on the way.")
  var allowsPlainHTTP = false

  @Flag(
    name: .customLong("single-writer"),
    help: "Accept a store without working conditional writes: there is one writer at a time, you promise.")
  var allowsSingleWriter = false

  var options: StoreOptions {
    var options = StoreOptions()
    options.endpoint = endpoint
    options.region = region
    options.profile = profile
    options.addressing = addressing
    options.certificateAuthorityFile = certificateAuthorityFile
    options.allowsPlainHTTP = allowsPlainHTTP
    options.allowsSingleWriter = allowsSingleWriter
    options.logger = MessageLog.logger
    return options
  }
}
