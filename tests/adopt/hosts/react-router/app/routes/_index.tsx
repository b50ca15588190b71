export default function Index() {
  return <p>Reviews</p>;
}
