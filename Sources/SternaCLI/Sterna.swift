@main
struct SternaCommand {
  static func main() {}
}
